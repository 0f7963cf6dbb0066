import type { MeasuredRates, ScannedModels } from '../../protocol/reports';
import { errorRate, falseAlarmRate, warningRate } from '../../server/src/scan/score';
import { scoreA, suspicionBy, withTraces } from './calibrationFile';
import { cleanSizes, isBackdoored, type AssessedReference, type CleanSize } from './referenceRecords';
import { writeScanSource } from './scanSource';
import { divide, leaveDataSetAndAttackOut } from './validation';

/** `128 clean graphs`, or from how many to how many. */
export function graphsText(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${least} clean graphs` : `${least} to ${most} clean graphs`;
}

/** Counts findings by their false-alarm rates. */
export function countModels(rates: readonly number[]): ScannedModels {
  const upTo = (limit: number): number => rates.filter((rate) => rate <= limit).length;
  return { models: rates.length, errors: upTo(errorRate), findings: upTo(warningRate) };
}

/** Writes server/src/scan/referenceRates.ts: how often scans of reference models are right. */
export async function writeReferenceRates(records: readonly AssessedReference[]): Promise<void> {
  const bySize = cleanSizes.map((size): [CleanSize, MeasuredRates] => {
    const own = withTraces(records).filter(({ cleanSize }) => cleanSize === size);
    const scored = leaveDataSetAndAttackOut(own);
    const [backdoored, clean] = divide(scored, ({ record }) => isBackdoored(record)).map((part) =>
      countModels(part.map(({ rate }) => rate)),
    );
    return [size, { scans: `GIN with ${graphsText(own.map(({ cleanGraphs }) => cleanGraphs))}`, backdoored, clean }];
  });
  const source = `import type { MeasuredRates } from '../../../protocol/reports';

/** How often scans with traces of training are right, by the number of clean graphs; written by \`bench/scanCalibration.ts\`, as all of this file. */
export const traceRates: Readonly<Record<'few' | 'many', MeasuredRates>> = ${JSON.stringify(Object.fromEntries(bySize))};

/** How often scans by behaviour alone are right. */
export const behaviourRates: MeasuredRates = ${JSON.stringify(behaviourRates(records))};
`;
  await writeScanSource('referenceRates.ts', source);
}

/** Nothing was fitted on these models but the thresholds. */
function behaviourRates(records: readonly AssessedReference[]): MeasuredRates {
  const few = records.filter(({ cleanSize }) => cleanSize === 'few');
  const [backdoored, clean] = divide(few, isBackdoored).map((part) =>
    part.map((record) => suspicionBy(scoreA, record)),
  );
  const count = (scores: readonly number[]): ScannedModels =>
    countModels(scores.map((score) => falseAlarmRate(clean, score)));
  return { scans: 'GIN by behaviour alone', backdoored: count(backdoored), clean: count(clean) };
}
