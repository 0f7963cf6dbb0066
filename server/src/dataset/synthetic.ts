import { canonicalEdges } from '../graph/edges';
import { Rng } from '../graph/rng';
import type { Dataset, RawGraph } from './dataset';

export interface SyntheticOptions {
  /** Default 400; half of them, rounded up, are of class 0. */
  readonly graphs?: number;
  readonly seed: number;
  /** Share of graphs that carry the other class's label: no model can be right about them. Default 0.03. */
  readonly labelNoise?: number;
}

/** Node labels by how common they are: one common atom and a long tail, as in organic molecules. */
const CARBON = 0;
const OXYGEN = 1;
const NITROGEN = 2;
const TAIL = [3, 4, 5, 6, 7];
const TAIL_WEIGHTS = [8, 6, 4, 2, 1];

/**
 * Groups that hang on the skeleton by their first atom: labels, and the edges between them.
 * Class 1 differs from class 0 by an O and an N on one C, where class 0 has the same atoms in a row: atom counts say
 * nothing, and a model has to look at neighbourhoods.
 */
interface Group {
  readonly labels: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
}
const branched = (first: number, second: number): Group => ({
  labels: [CARBON, first, second],
  edges: [
    [0, 1],
    [0, 2],
  ],
});
const inARow = (first: number, second: number): Group => ({
  labels: [CARBON, first, second],
  edges: [
    [0, 1],
    [1, 2],
  ],
});
const CLASS_GROUPS: readonly (readonly Group[])[] = [
  [inARow(OXYGEN, NITROGEN), inARow(NITROGEN, OXYGEN)],
  [branched(OXYGEN, NITROGEN)],
];
/** Found in both classes, so that neither a branch nor an atom tells. */
const COMMON_GROUPS: readonly Group[] = [
  branched(OXYGEN, OXYGEN),
  branched(NITROGEN, NITROGEN),
  branched(CARBON, CARBON),
];

/**
 * Small molecule-like graphs (10 to 25 nodes, rings and branches, 8 node labels) in two classes that a graph neural
 * network learns well but not perfectly. Made for examples and tests: no claim about chemistry.
 */
export function makeMolecules(name: string, options: SyntheticOptions): Omit<Dataset, 'hash'> {
  const { graphs = 400, seed, labelNoise = 0.03 } = options;
  const rng = new Rng(seed, 'molecules');
  const classes = rng.permutation(graphs).map((position) => position % 2);
  const rawGraphs = Array.from(classes, (kind) => {
    const flipped = rng.uniform() < labelNoise;
    return makeMolecule(kind, flipped ? 1 - kind : kind, rng);
  });
  return {
    name,
    rawGraphs,
    classNames: ['0', '1'],
    distinctNodeLabels: [...new Set(rawGraphs.flatMap((graph) => [...graph.nodeLabels]))].sort((a, b) => a - b),
    attributeWidth: 0,
  };
}

function makeMolecule(kind: number, classLabel: number, rng: Rng): RawGraph {
  const molecule = new Molecule();
  const size = 10 + rng.integer(13);
  molecule.addRing(5 + rng.integer(2));
  molecule.hang(rng.pick(CLASS_GROUPS[kind]), rng);
  if (rng.uniform() < 0.4) molecule.hang(rng.pick(CLASS_GROUPS[kind]), rng);
  while (molecule.size < size) {
    const choice = rng.uniform();
    if (choice < 0.2) molecule.addRing(5 + rng.integer(2), molecule.openCarbon(rng));
    else if (choice < 0.5) molecule.hang(rng.pick(COMMON_GROUPS), rng);
    else if (choice < 0.75) molecule.hang(chain(1 + rng.integer(3)), rng);
    else molecule.hang({ labels: [TAIL[rng.weighted(TAIL_WEIGHTS)]], edges: [] }, rng);
  }
  return molecule.shuffled(classLabel, rng);
}

function chain(length: number): Group {
  return {
    labels: new Array<number>(length).fill(CARBON),
    edges: Array.from({ length: length - 1 }, (_, i) => [i, i + 1] as const),
  };
}

/** A graph under construction; only carbons with fewer than four neighbours take new bonds. */
class Molecule {
  private readonly labels: number[] = [];
  private readonly pairs: number[] = [];
  private readonly degrees: number[] = [];

  get size(): number {
    return this.labels.length;
  }

  addRing(length: number, anchor?: number): void {
    const first = this.add(chain(length));
    this.bond(first, first + length - 1);
    if (anchor !== undefined) this.bond(anchor, first);
  }

  hang(group: Group, rng: Rng): void {
    const anchor = this.openCarbon(rng);
    this.bond(anchor, this.add(group));
  }

  openCarbon(rng: Rng): number {
    const open = [...this.labels.keys()].filter((node) => this.labels[node] === CARBON && this.degrees[node] < 4);
    return rng.pick(open);
  }

  /** Random node order, so that a node's number says nothing. */
  shuffled(classLabel: number, rng: Rng): RawGraph {
    const order = rng.permutation(this.size);
    const nodeLabels = new Int32Array(this.size);
    this.labels.forEach((label, node) => (nodeLabels[order[node]] = label));
    return {
      nodeCount: this.size,
      edges: canonicalEdges(
        this.size,
        this.pairs.map((node) => order[node]),
      ),
      nodeLabels,
      attributes: new Float32Array(0),
      classLabel,
    };
  }

  private add(group: Group): number {
    const first = this.size;
    for (const label of group.labels) {
      this.labels.push(label);
      this.degrees.push(0);
    }
    for (const [u, v] of group.edges) this.bond(first + u, first + v);
    return first;
  }

  private bond(u: number, v: number): void {
    this.pairs.push(u, v);
    this.degrees[u]++;
    this.degrees[v]++;
  }
}
