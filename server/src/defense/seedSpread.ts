import { seedFigures, type SeedFigure, type SeedRun, type Spread, type StageSpread } from '../../../protocol/seeds';
import type { StageResult } from '../../../protocol/reports';

/** Standard deviations over seeds above which a result says little about the next one (GN303); shares in [0, 1]. */
const seedLimits = { accuracy: 0.03, attackSuccess: 0.1 };

/**
 * Mean and sample standard deviation.
 *
 * @param values two at least
 * @throws RangeError for fewer
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length < 2) throw new RangeError(`a deviation of ${values.length} values is not defined`);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, deviation, least: Math.min(...values), most: Math.max(...values) };
}

/**
 * The figures of each model of the comparison over seeds.
 *
 * @param runs two at least
 */
export function spreadOverSeeds(runs: readonly Pick<SeedRun, 'stages'>[]): StageSpread[] {
  return runs[0].stages.map(({ name }) => {
    const stages = runs.map((run) => run.stages.find((stage) => stage.name === name));
    const figures = seedFigures.flatMap((figure): [SeedFigure, Spread][] => {
      const values = stages.map((stage) => stage && figureOf(stage, figure)).filter((value) => value !== undefined);
      return values.length === runs.length ? [[figure, spreadOf(values)]] : [];
    });
    return { name, figures: Object.fromEntries(figures) };
  });
}

/** Whether the purified models of several seeds differ so much that one of them says little about the next. */
export function variesStrongly({ figures: { acc, asr, flipAsr } }: StageSpread): boolean {
  const attack = flipAsr ?? asr;
  return (
    (acc !== undefined && acc.deviation > seedLimits.accuracy) ||
    (attack !== undefined && attack.deviation > seedLimits.attackSuccess)
  );
}

function figureOf(stage: StageResult, figure: SeedFigure): number | undefined {
  return figure === 'der' ? stage.der : stage.estimated[figure];
}
