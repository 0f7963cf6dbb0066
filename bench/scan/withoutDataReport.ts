import path from 'node:path';
import { percent } from '../../protocol/numberText';
import type { BackdoorEvidence, MeasuredRates, ScannedModels } from '../../protocol/reports';
import { markdownTable } from '../../server/src/report/markdown';
import { calibration } from '../../server/src/scan/calibration';
import {
  falseAlarmRate,
  suspicionOf,
  warningRate,
  type Calibration,
  type SignalSummary,
} from '../../server/src/scan/score';
import { quantile } from '../../server/src/scan/statistics';
import { cleanLists } from './calibrationFile';
import { cleanFigures, type Figure } from './cleanFigures';
import { writeResults } from './detectionDoc';
import { auroc, aurocText, foundAt } from './evaluation';
import { writeScanSource } from './scanSource';
import { isBackdoored } from './referenceRecords';
import { countingRecords, evidenceOf, type ScanKind, type WithoutDataRecord } from './withoutDataRecords';

/** Writes docs/results/scan-without-data.md, and what the product knows of it. */
export async function writeReport(all: readonly WithoutDataRecord[]): Promise<void> {
  const records = countingRecords(all);
  const few = records.filter(({ scans }) => scans.ten !== undefined);
  const sections = [
    '# Scans with few clean graphs, with graphs that are none, and without data',
    'Written by `npx tsx bench/scanWithoutData.ts report`; [detection](../detection.md) says what the figures are of.',
    '## What scans find',
    scanTable(records, ['data', 'nothing']),
    'The models that graphs could be made up for:',
    scanTable(
      records.filter((record) => evidenceOf(record, 'nothing') !== undefined),
      ['data', 'nothing'],
    ),
    'Some models were scanned with few graphs too:',
    scanTable(few, ['data', 'ten', 'rewired', 'nothing'], []),
    '## Models that no graphs could be made up for',
    reasonTable(records),
    '## Readouts guessed without data',
    readoutTable(records),
    '## Clean sets and what stands in for them',
    refusalTable(records),
    '## Attention concentration',
    attentionTable(records),
  ];
  console.log(sections.join('\n\n'));
  await writeResults('scan-without-data.md', sections);
  await writeScanSource(path.join('synthetic', 'calibration.ts'), calibrationSource(records));
}

/** A figure of the models that a scan could assess. */
interface Scored {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

const suspicion: Figure = ({ signals }) => suspicionOf(signals as unknown as SignalSummary, calibration);

function scored(records: readonly WithoutDataRecord[], kind: ScanKind, figure: Figure): Scored {
  const of = (clean: boolean): number[] =>
    records
      .filter(({ attack }) => (attack === undefined) === clean)
      .flatMap((record) => evidenceOf(record, kind) ?? [])
      .map(figure);
  return { positives: of(false), negatives: of(true) };
}

const scanNames: Readonly<Record<ScanKind, string>> = {
  data: 'clean subset (3%, at least 10)',
  ten: 'ten clean graphs',
  rewired: '48 graphs rewired from five',
  nothing: 'no data: made-up graphs',
};

/** @param dataSets that have a column of their own. Default: all */
function scanTable(
  records: readonly WithoutDataRecord[],
  kinds: readonly ScanKind[],
  dataSets: readonly string[] = [...new Set(records.map(({ dataSet }) => dataSet))].sort(),
): string {
  const rows = kinds.map((kind) => {
    const assessed = records.filter((record) => evidenceOf(record, kind) !== undefined);
    const scores = scored(records, kind, suspicion);
    const perSet = dataSets.map((dataSet) => {
      const own = scored(
        records.filter((record) => record.dataSet === dataSet),
        kind,
        suspicion,
      );
      return auroc(own.positives, own.negatives).toFixed(2);
    });
    const found = [0.05, 0.1].map((rate) => percent(foundAt(rate, scores.positives, scores.negatives)));
    const backdoored = assessed.filter(({ target }) => target !== undefined);
    const named = backdoored.filter((record) => evidenceOf(record, kind)?.target === record.target);
    const counts = `${scores.negatives.length} and ${scores.positives.length}`;
    return [
      scanNames[kind],
      counts,
      aurocText(scores.positives, scores.negatives),
      ...perSet,
      ...found,
      `${named.length} of ${backdoored.length}`,
    ];
  });
  const clean = records.filter(({ attack }) => attack === undefined).length;
  return [
    `${clean} clean and ${records.length - clean} backdoored models.`,
    '',
    markdownTable([
      ['scanned with', 'assessed, clean and backdoored', 'AUROC', ...dataSets, 'found at 5%', 'at 10%', 'target right'],
      ...rows,
    ]),
  ].join('\n');
}

/** Why no graphs were made up, or why those said nothing. */
function reasonTable(records: readonly WithoutDataRecord[]): string {
  const counts = new Map<string, number>();
  for (const { scans } of records) {
    const { nothing } = scans;
    if (nothing.kind !== 'not-assessed' || nothing.evidence !== undefined) continue;
    const reason = nothing.reason.replace('no clean data set was given, and ', '').replace(/[\d.]+/g, 'N');
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const rows = [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => [reason, String(count)]);
  return markdownTable([['not assessed without data because', 'models'], ...rows]);
}

function readoutTable(records: readonly WithoutDataRecord[]): string {
  const readouts = [...new Set(records.map(({ readout }) => readout))].sort();
  const guessed = records.filter(({ guessedReadout }) => guessedReadout !== undefined);
  const rows = readouts.map((readout) => {
    const own = guessed.filter((record) => record.readout === readout);
    return [readout, ...['sum', 'mean'].map((guess) => String(own.filter((r) => r.guessedReadout === guess).length))];
  });
  return markdownTable([['true readout', 'guessed sum', 'guessed mean'], ...rows]);
}

function refusalTable(records: readonly WithoutDataRecord[]): string {
  const sets = ['clean', 'ten', 'rewired', 'shuffled', 'relabelled', 'random', 'foreign'] as const;
  const rows = sets.map((set) => {
    const distances = records.flatMap((record) => record.distances[set] ?? []);
    const withNorm = records.filter(({ distances: own }) => own[set] !== undefined);
    const without = records.filter(({ distances: own }) => own[set] === undefined);
    const refused = (some: readonly WithoutDataRecord[], why: RegExp): string =>
      `${some.filter((record) => why.test(record.refused[set] ?? '')).length} of ${some.length}`;
    const quantiles = [0, 0.5, 1].map((q) => quantile(distances, q).toFixed(2));
    return [set, ...quantiles, refused(withNorm, /deviations/), refused(withNorm, /./), refused(without, /./)];
  });
  return markdownTable([
    ['graphs', 'distance, least', 'median', 'most', 'refused for it', 'for that or otherwise', 'without BatchNorm'],
    ...rows,
  ]);
}

function attentionTable(records: readonly WithoutDataRecord[]): string {
  const names = {
    concentrationRise: 'share of the top 5%, times',
    giniRise: 'Gini coefficient, rise',
    entropyFall: 'entropy, fall',
  };
  const rows = (['concentrationRise', 'giniRise', 'entropyFall'] as const).map((name) => {
    const scores = scored(records, 'data', cleanFigures[name]);
    const of = (values: readonly number[]): string =>
      [0.05, 0.5, 0.95].map((q) => quantile(values, q).toFixed(2)).join(', ');
    return [names[name], of(scores.negatives), of(scores.positives), aurocText(scores.positives, scores.negatives)];
  });
  return markdownTable([
    ['with the strongest trigger found', 'clean: 5%, 50%, 95%', 'backdoored: 5%, 50%, 95%', 'AUROC'],
    ...rows,
  ]);
}

/** What scans of made-up graphs are compared with, and how many backdoors they find at the rate of a warning. */
function calibrationSource(records: readonly WithoutDataRecord[]): string {
  const assessed = records.flatMap((record) => evidenceOf(record, 'nothing') ?? []);
  const clean = records
    .filter((record) => !isBackdoored(record))
    .flatMap((record) => evidenceOf(record, 'nothing') ?? []);
  const reference: Calibration = { ...calibration, clean: cleanLists(clean.map(suspicion), clean) };
  const alarms = (evidence: BackdoorEvidence): boolean =>
    falseAlarmRate(reference.clean.suspicion, suspicion(evidence)) <= warningRate;
  const backdoored = assessed.filter((evidence) => !clean.includes(evidence));
  // Made-up graphs make no errors.
  const counts = (some: readonly BackdoorEvidence[]): ScannedModels => ({
    ...{ models: some.length, errors: 0, findings: some.filter(alarms).length },
  });
  const rates: MeasuredRates = {
    ...{ scans: 'GIN on made-up graphs', backdoored: counts(backdoored), clean: counts(clean) },
  };
  return `
import type { MeasuredRates } from '../../../../protocol/reports';
import type { Calibration } from '../score';

/** What clean reference models show on graphs made up for them; written by \`bench/scanWithoutData.ts\`. */
export const syntheticCalibration: Calibration = ${JSON.stringify(reference)};

/** How often scans of made-up graphs are right about reference models. */
export const syntheticRates: MeasuredRates = ${JSON.stringify(rates)};
`;
}
