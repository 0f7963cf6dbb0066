import { Rng } from '../graph/rng';
import type { Dataset, RawGraph } from './dataset';
import { CARBON, chain, Molecule, ring, wheel, type Group } from './molecule';

export interface SyntheticOptions {
  /** Default 2000; half of them, rounded up, are made as class 0. */
  readonly graphs?: number;
  readonly seed: number;
}

/** Carbon is the commonest label by far. */
const OXYGEN = 1;
const NITROGEN = 2;
/** Atoms that lean to class 0 and to class 1. */
const LEANING = [3, 4];
const HUB = 5;

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
/** How often a leaning atom is the one of the graph's own class. */
const OWN_LEANING_SHARE = 0.9;

/**
 * Small molecule-like graphs (10 to 30 nodes; rings, branches, wheels; 6 node labels) in two classes. What tells them
 * apart is both an arrangement of atoms and which of two atoms there are; a graph neural network learns it well but
 * not perfectly. Made for examples and tests: no claim about chemistry.
 */
export function makeMolecules(name: string, options: SyntheticOptions): Omit<Dataset, 'hash'> {
  const { graphs = 2000, seed } = options;
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
  const leaningAtoms = 2 + rng.integer(3);
  for (let i = 0; i < leaningAtoms; i++) {
    const label = LEANING[rng.uniform() < OWN_LEANING_SHARE ? kind : 1 - kind];
    molecule.hang({ labels: [label], edges: [] }, rng);
  }
  while (molecule.size < size) molecule.hang(filler(rng), rng);
  return molecule.shuffled(classLabel, rng);
}

function filler(rng: Rng): Group {
  const choice = rng.uniform();
  if (choice < 0.25) return ring(5 + rng.integer(2));
  return choice < 0.65 ? rng.pick(COMMON_GROUPS) : chain(1 + rng.integer(3));
}
