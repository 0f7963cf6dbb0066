import { attackKinds, attacksWith, type AttackKind, type AttackOptions } from '../../attack/attack';
import type { JsonPlace } from '../../attack/jsonPlace';

/** Attacks of a grid; `none` trains a model without poison. */
export const gridAttackKinds = ['none', ...attackKinds] as const;
export type GridAttackKind = 'none' | AttackKind;

type Setting = Exclude<keyof AttackOptions, 'kind'>;

/** Settings of attacks that a grid may give, and how each is read. */
const settings: Readonly<Record<Setting, (place: JsonPlace) => number>> = {
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

/** The settings that an attack has, and how each is read. */
export function attackSettings(kind: GridAttackKind): [Setting, (place: JsonPlace) => number][] {
  if (kind === 'none') return [];
  return (Object.keys(settings) as Setting[])
    .filter((name) => attacksWith(name).includes(kind))
    .map((name) => [name, settings[name]]);
}

/** A share in (0, 1]. */
export function share(place: JsonPlace): number {
  const value = place.number();
  if (!(value > 0 && value <= 1)) throw place.error(`expected a share above 0 and at most 1, found ${value}`);
  return value;
}
