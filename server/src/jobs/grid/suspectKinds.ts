import type { AttackKind, AttackOptions } from '../../attack/attack';
import { attackKinds } from '../../attack/attack';
import type { JsonPlace } from '../../attack/jsonPlace';

/** Attacks of a grid; `none` trains a model without poison. */
export const gridAttackKinds = ['none', ...attackKinds] as const;
export type GridAttackKind = 'none' | AttackKind;

/** Settings of an attack that a grid may give, and how each is read. */
export const attackSettings: Readonly<Record<Exclude<keyof AttackOptions, 'kind'>, (place: JsonPlace) => number>> = {
  target: (place) => place.integer(0, 1000),
  poisoningRate: share,
  triggerNodes: (place) => place.integer(2, 1000),
  density: share,
  rounds: (place) => place.integer(1, 1000),
  generatorEpochs: (place) => place.integer(1, 10_000),
  flatness: (place) => {
    const value = place.number();
    if (value < 0) throw place.error(`expected a number from 0 on, found ${value}`);
    return value;
  },
};

/** A share in (0, 1]. */
export function share(place: JsonPlace): number {
  const value = place.number();
  if (!(value > 0 && value <= 1)) throw place.error(`expected a share above 0 and at most 1, found ${value}`);
  return value;
}
