import { Rng } from '../graph/rng';
import type { Dataset, RawGraph } from './dataset';
import { CARBON, chain, Molecule, ring, wheel, type Group } from './molecule';

export interface SyntheticOptions {
  /** Default 400; half of them, rounded up, are made as class 0. */
  readonly graphs?: number;
  readonly seed: number;
}

/** Labels by how common they are: carbon, a few others, and a tail that leans to one class or the other. */
const OXYGEN = 1;
const NITROGEN = 2;
const TAILS = [
  { labels: [3, 5, 7], weights: [8, 4, 2] },
  { labels: [4, 6], weights: [8, 5] },
];
const HUB = 7;

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
/** The same atoms, in a row for class 0 and branched for class 1: counting does not tell them apart. */
const CLASS_GROUPS = [[inARow(OXYGEN, NITROGEN), inARow(NITROGEN, OXYGEN)], [branched(OXYGEN, NITROGEN)]];
/** Found in both classes, so that a branch or an atom alone does not tell either. */
const COMMON_GROUPS = [branched(OXYGEN, OXYGEN), branched(NITROGEN, NITROGEN), branched(CARBON, CARBON)];

/** Graphs that carry the other class's label: no model can be right about them. */
const LABEL_NOISE = 0.02;
/** Wheels in both classes: without dense parts in the data, what a model makes of dense parts is left to chance. */
const WHEEL_SHARE = 0.5;
const CLASS_GROUP_SHARE = 0.75;
/** How often an atom of the tail is one of the graph's own class. */
const OWN_TAIL_SHARE = 0.9;

/**
 * Small molecule-like graphs (10 to 30 nodes; rings, branches, wheels; 8 node labels) in two classes. What tells them
 * apart is both an arrangement of atoms and which rare atoms there are; a graph neural network learns it well but not
 * perfectly. Made for examples and tests: no claim about chemistry.
 */
export function makeMolecules(name: string, options: SyntheticOptions): Omit<Dataset, 'hash'> {
  const { graphs = 400, seed } = options;
  const rng = new Rng(seed, 'molecules');
  const kinds = rng.permutation(graphs).map((position) => position % 2);
  const rawGraphs = Array.from(kinds, (kind) => {
    const mislabelled = rng.uniform() < LABEL_NOISE;
    return makeMolecule(kind, mislabelled ? 1 - kind : kind, rng);
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
  const molecule = new Molecule(ring(5 + rng.integer(2)));
  if (rng.uniform() < WHEEL_SHARE) {
    molecule.hang(wheel(4 + rng.integer(3), rng.uniform() < 0.5 ? CARBON : HUB), rng);
  }
  const size = 10 + rng.integer(13);
  if (rng.uniform() < CLASS_GROUP_SHARE) molecule.hang(rng.pick(CLASS_GROUPS[kind]), rng);
  const tailAtoms = 2 + rng.integer(3);
  for (let i = 0; i < tailAtoms; i++) {
    const { labels, weights } = TAILS[rng.uniform() < OWN_TAIL_SHARE ? kind : 1 - kind];
    molecule.hang({ labels: [labels[rng.weighted(weights)]], edges: [] }, rng);
  }
  while (molecule.size < size) molecule.hang(filler(rng), rng);
  return molecule.shuffled(classLabel, rng);
}

function filler(rng: Rng): Group {
  const choice = rng.uniform();
  if (choice < 0.25) return ring(5 + rng.integer(2));
  return choice < 0.65 ? rng.pick(COMMON_GROUPS) : chain(1 + rng.integer(3));
}
