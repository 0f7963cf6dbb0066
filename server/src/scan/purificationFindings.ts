import type { Finding } from '../../../protocol/findings';
import type { Metrics } from '../../../protocol/reports';
import { attackSuccess, type OutcomeCode } from '../defense/outcome';

/** What the wording of a purification's findings needs. */
export interface PurificationFigures {
  /** Figures of the suspect model. */
  readonly before: Metrics;
  /** Figures of the purified model on the same graphs and triggers. */
  readonly after: Metrics;
  /** Number of clean graphs the purification was given. */
  readonly cleanGraphs: number;
  /** What to try next, a sentence each; see `failureAdvice`. */
  readonly advice?: readonly string[];
}

/** The outcome of a purification as findings on the purified model: GN301, GN302 and GN303. */
export function purificationFindings(codes: readonly OutcomeCode[], figures: PurificationFigures): Finding[] {
  const details = figures.advice ?? [];
  return codes.map((code): Finding => {
    const severity = code === 'GN303' ? 'information' : 'warning';
    return { code, severity, message: messageOf(code, figures), details };
  });
}

function messageOf(code: OutcomeCode, { before, after, cleanGraphs }: PurificationFigures): string {
  switch (code) {
    case 'GN301':
      return `The purified model can still be flipped: attack success ${share(attackSuccess(before))} before, ${share(attackSuccess(after))} now`;
    case 'GN302':
      return `Purification cost accuracy: ${accuracy(before.acc)} before, ${accuracy(after.acc)} now`;
    case 'GN303':
      return `Results differ strongly from seed to seed: the clean set of ${cleanGraphs} graphs is too small or not representative`;
  }
}

function share(value: number | undefined): string {
  return value === undefined ? 'not measured' : `${(100 * value).toFixed(0)}%`;
}

function accuracy(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
