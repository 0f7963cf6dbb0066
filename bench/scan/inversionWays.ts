import { triggerFamilies, type TriggerFamily } from '../../server/src/scan/signals/softTriggers';
import { asymmetry } from '../../server/src/scan/statistics';
import type { InversionRecord, InvertedFigures } from './inversionRecords';
import type { ReferenceRecord } from './referenceRecords';

/** A way to seek triggers, and what it found in each model, in the order of the records. */
export interface Way {
  readonly title: string;
  readonly found: readonly Found[];
}

/** What was found in one model. */
interface Found {
  readonly model: InversionRecord;
  /** By class; undefined where it was not measured. */
  readonly byClass: readonly (ClassFigures | undefined)[];
}

/** Toward one class. */
interface ClassFigures extends Partial<InvertedFigures> {
  /** Attack success rate on held-out graphs. */
  readonly asr: number;
  /** How easily the class is reached: flip rate, or for the random search, which records none, attack success rate. */
  readonly ease: number;
}

const titles: Readonly<Record<TriggerFamily, string>> = {
  structure: 'structure only',
  features: 'labels only',
  both: 'structure and labels',
};

/** Each family, and of the three triggers toward a class that of the lowest loss. */
export function inversionWays(models: readonly InversionRecord[]): Way[] {
  const ofFamily = (family: TriggerFamily): Way => ({
    title: titles[family],
    found: models.map((model) => ({ model, byClass: model.inverted[family].map(classFigures) })),
  });
  const best = models.map((model) => {
    const ofClass = (c: number): InvertedFigures[] =>
      triggerFamilies.flatMap((family) => model.inverted[family][c] ?? []);
    const lowest = (figures: InvertedFigures[]): InvertedFigures | undefined =>
      figures.sort((a, b) => a.loss - b.loss).at(0);
    return { model, byClass: model.inverted.both.map((_, c) => classFigures(lowest(ofClass(c)))) };
  });
  return [...triggerFamilies.map(ofFamily), { title: 'the one of these with the lowest loss', found: best }];
}

/** The random search of the scans of the same models. */
export function searchWay(
  models: readonly InversionRecord[],
  scans: ReadonlyMap<string, Pick<ReferenceRecord, 'verdict'>>,
): Way {
  const found = models.map((model) => ({
    model,
    byClass: (scans.get(model.name)?.verdict.evidence?.estimatedAsrByClass ?? []).map((estimate) =>
      estimate ? { asr: estimate.value, ease: estimate.value } : undefined,
    ),
  }));
  return { title: 'random search', found };
}

function classFigures(figures: InvertedFigures | null | undefined): ClassFigures | undefined {
  return figures ? { ...figures, ease: figures.flip.value } : undefined;
}

/** How much more easily one class is reached than another. */
export function easeGap({ byClass }: Found): number {
  return asymmetry(byClass.map((figures) => figures?.ease));
}

/** How much lower the loss toward one class is than toward another. */
export function lossGap({ byClass }: Found): number {
  return asymmetry(byClass.map((figures) => figures?.loss));
}

export function highestEase({ byClass }: Found): number {
  return Math.max(...byClass.map((figures) => figures?.ease ?? 0));
}

/** Whether the true target is reached more easily than any other class. */
export function namesTarget({ model, byClass }: Found): boolean {
  const own = byClass.at(model.target ?? -1)?.ease ?? 0;
  return byClass.every((figures, c) => c === model.target || (figures?.ease ?? 0) < own);
}

/** How far the found trigger's attack success rate is from that of the true trigger. */
export interface Distance {
  readonly name: string;
  /** Attack success rate of the found trigger toward the true target. */
  readonly estimate: number;
  readonly distance: number;
}

/** Of the backdoored models that a trigger toward the true target was found in. */
export function distancesOf({ found }: Way): Distance[] {
  return found.flatMap(({ model: { name, target, asr }, byClass }) => {
    const estimate = target === undefined ? undefined : byClass[target]?.asr;
    return estimate === undefined || asr === undefined ? [] : [{ name, estimate, distance: Math.abs(estimate - asr) }];
  });
}
