import type { JsonPlace } from '../../attack/jsonPlace';

/** Attacks of a grid; `none` trains a model without poison. */
export const gridAttackKinds = ['none', 'subgraph', 'topology', 'motif', 'feature'] as const;

export const architectureKinds = ['gin'] as const;

/** Settings of an attack that a grid may give. */
export const attackSettings: Readonly<Record<string, (place: JsonPlace) => number>> = {
  target: (place) => place.integer(0, 1000),
  poisoningRate: (place) => place.number(),
  triggerNodes: (place) => place.integer(1, 100),
};
