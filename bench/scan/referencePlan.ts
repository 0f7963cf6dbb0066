import { attackKinds, type AttackKind } from '../../server/src/attack/attack';
import type { Readout } from '../../protocol/model';

export const dataSets = ['AIDS', 'PROTEINS', 'DHFR', 'NCI1'] as const;

/** How a model is built and trained. */
export interface Recipe {
  readonly name: string;
  readonly hidden: number;
  readonly layers: number;
  readonly readout: Readout;
  readonly batchNorm: boolean;
  readonly learningRate: number;
  readonly epochs: number;
  readonly weightDecay: number;
  /** Weigh graphs so that every class counts the same. */
  readonly balanced: boolean;
  /** Share of the training graphs of one class, chosen by the seed, that are kept. */
  readonly minority: number;
}

const usual: Recipe = {
  name: 'usual',
  hidden: 64,
  layers: 3,
  readout: 'sum',
  batchNorm: true,
  learningRate: 0.005,
  epochs: 40,
  weightDecay: 0,
  balanced: false,
  minority: 1,
};

/** People train models in many ways, and clean models differ by it. */
const recipes: readonly Recipe[] = [
  usual,
  { ...usual, name: 'shallow', hidden: 32, layers: 2, readout: 'mean', learningRate: 0.01, epochs: 30 },
  { ...usual, name: 'decay', hidden: 32, layers: 4, epochs: 30, weightDecay: 5e-4 },
  { ...usual, name: 'wide', hidden: 128, learningRate: 0.002, epochs: 25 },
  { ...usual, name: 'deep', layers: 5, readout: 'mean', epochs: 30 },
  { ...usual, name: 'no-norm', batchNorm: false, learningRate: 0.002 },
  { ...usual, name: 'narrow', hidden: 16, learningRate: 0.01, epochs: 50 },
  { ...usual, name: 'max', readout: 'max' },
  { ...usual, name: 'unbalanced', hidden: 32, minority: 1 / 3 },
  { ...usual, name: 'shallow-decay', layers: 2, learningRate: 0.01, epochs: 60, weightDecay: 1e-3 },
  { ...usual, name: 'weighed', readout: 'mean', minority: 1 / 3, balanced: true },
  { ...usual, name: 'no-norm-mean', hidden: 32, readout: 'mean', batchNorm: false },
];

/** A reference model to train; everything about it follows from these fields. */
export interface ReferenceSpec {
  readonly name: string;
  readonly dataSet: (typeof dataSets)[number];
  readonly recipe: Recipe;
  /** Absent for a clean model. */
  readonly attack?: { readonly kind: AttackKind; readonly target: number; readonly poisoningRate: number };
  readonly seed: number;
}

/** Seeds of earlier measurements lie below. */
const firstSeed = 1000;
const poisoningRates = [0.1, 0.05, 0.1];
/** Clean models of a recipe and data set for every round of attacks. */
const cleanShare = 3;

/**
 * Rounds of models, each every attack on every data set toward either class, and as many clean ones, with the recipes in
 * turn. The clean models of a round are as many as the backdoored ones, trained by the same recipes.
 */
export function referencePlan(rounds: number): ReferenceSpec[] {
  const plan: ReferenceSpec[] = [];
  let seed = firstSeed;
  for (let round = 0; round < rounds; round++) {
    const pairs = attackKinds.flatMap((kind, a) => [0, 1].map((target) => ({ kind, target, place: 2 * a + target })));
    for (const { kind, target, place } of pairs) {
      dataSets.forEach((dataSet, d) => {
        const recipe = recipes[(place + 4 * d + cleanShare * round) % recipes.length];
        const poisoningRate = poisoningRates[round % poisoningRates.length];
        const shared = { dataSet, recipe };
        plan.push({ ...shared, name: `${dataSet}-${recipe.name}-clean-${seed}`, seed });
        seed++;
        plan.push({
          ...shared,
          name: `${dataSet}-${recipe.name}-${kind}-t${target}-${seed}`,
          attack: { kind, target, poisoningRate },
          seed,
        });
        seed++;
      });
    }
  }
  return plan;
}
