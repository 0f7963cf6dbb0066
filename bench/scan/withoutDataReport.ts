import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import type { BackdoorEvidence } from '../../protocol/reports';
import { Rng } from '../../server/src/graph/rng';
import { largestRise } from '../../server/src/scan/attentionConcentration';
import type { AttentionReference } from '../../server/src/scan/attentionReference';
import { calibration } from '../../server/src/scan/calibration';
import { asrGap } from '../../server/src/scan/findings';
import { suspicionOf, type Calibration, type SignalSummary } from '../../server/src/scan/score';
import { quantile } from '../../server/src/scan/statistics';
import { auroc, foundAt } from './evaluation';
import { countingRecords, evidenceOf, type ScanKind, type WithoutDataRecord } from './withoutDataRecords';

const pageFile = path.join(__dirname, '..', '..', 'docs', 'results', 'scan-without-data.md');
const scanFolder = path.join(__dirname, '..', '..', 'server', 'src', 'scan');

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
  const text = `${sections.join('\n\n')}\n`;
  console.log(text);
  writeFileSync(pageFile, await format(text, { parser: 'markdown', printWidth: 120 }));
  await writeConstants('attentionReference.ts', attentionSource(attentionReferenceOf(records)));
  await writeConstants(path.join('synthetic', 'calibration.ts'), calibrationSource(records));
}

async function writeConstants(file: string, source: string): Promise<void> {
  const text = await format(source, { parser: 'typescript', singleQuote: true, printWidth: 120 });
  writeFileSync(path.join(scanFolder, file), text);
}

/** A figure of the models that a scan could assess. */
interface Scored {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

type Figure = (evidence: BackdoorEvidence) => number;

const suspicion: Figure = ({ signals }) => suspicionOf(signals as unknown as SignalSummary, calibration);

function scored(records: readonly WithoutDataRecord[], kind: ScanKind, figure: Figure): Scored {
  const of = (clean: boolean): number[] =>
    records
      .filter(({ attack }) => (attack === undefined) === clean)
      .flatMap((record) => evidenceOf(record, kind) ?? [])
      .map(figure);
  return { positives: of(false), negatives: of(true) };
}

/** AUROC with a 95% interval by 1000 resamples of the models. */
function aurocText({ positives, negatives }: Scored): string {
  if (positives.length === 0 || negatives.length === 0) return '-';
  const rng = new Rng(0, 'bootstrap');
  const again = (values: readonly number[]): number[] => values.map(() => rng.pick(values));
  const samples = Array.from({ length: 1000 }, () => auroc(again(positives), again(negatives)));
  const [low, high] = [0.025, 0.975].map((q) => quantile(samples, q).toFixed(2));
  return `${auroc(positives, negatives).toFixed(2)} (${low}-${high})`;
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
    return [scanNames[kind], counts, aurocText(scores), ...perSet, ...found, `${named.length} of ${backdoored.length}`];
  });
  const clean = records.filter(({ attack }) => attack === undefined).length;
  return [
    `${clean} clean and ${records.length - clean} backdoored models.`,
    '',
    table(
      ['scanned with', 'assessed, clean and backdoored', 'AUROC', ...dataSets, 'found at 5%', 'at 10%', 'target right'],
      rows,
    ),
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
  return table(['not assessed without data because', 'models'], rows);
}

function readoutTable(records: readonly WithoutDataRecord[]): string {
  const readouts = [...new Set(records.map(({ readout }) => readout))].sort();
  const guessed = records.filter(({ guessedReadout }) => guessedReadout !== undefined);
  const rows = readouts.map((readout) => {
    const own = guessed.filter((record) => record.readout === readout);
    return [readout, ...['sum', 'mean'].map((guess) => String(own.filter((r) => r.guessedReadout === guess).length))];
  });
  return table(['true readout', 'guessed sum', 'guessed mean'], rows);
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
  return table(
    ['graphs', 'distance, least', 'median', 'most', 'refused for it', 'for that or otherwise', 'without BatchNorm'],
    rows,
  );
}

/** In the layer where the share rises most: how the three measures change with the trigger, by what goes up. */
const attentionFigures = {
  rise: ({ attention }) => largestRise(attention).rise,
  gini: ({ attention }) => {
    const { gini } = largestRise(attention).layer;
    return gini.triggered - gini.clean;
  },
  entropy: ({ attention }) => {
    const { entropy } = largestRise(attention).layer;
    return entropy.clean - entropy.triggered;
  },
} as const satisfies Record<string, Figure>;

function attentionTable(records: readonly WithoutDataRecord[]): string {
  const names = { rise: 'share of the top 5%, times', gini: 'Gini coefficient, rise', entropy: 'entropy, fall' };
  const rows = (['rise', 'gini', 'entropy'] as const).map((name) => {
    const scores = scored(records, 'data', attentionFigures[name]);
    const of = (values: readonly number[]): string =>
      [0.05, 0.5, 0.95].map((q) => quantile(values, q).toFixed(2)).join(', ');
    return [names[name], of(scores.negatives), of(scores.positives), aurocText(scores)];
  });
  return table(['with the strongest trigger found', 'clean: 5%, 50%, 95%', 'backdoored: 5%, 50%, 95%', 'AUROC'], rows);
}

function attentionReferenceOf(records: readonly WithoutDataRecord[]): AttentionReference {
  const range = (figure: Figure): readonly [number, number] => {
    const { negatives } = scored(records, 'data', figure);
    return [rounded(quantile(negatives, 0.05)), rounded(quantile(negatives, 0.95))];
  };
  return { gini: range(attentionFigures.gini), entropy: range(attentionFigures.entropy) };
}

function attentionSource(reference: AttentionReference): string {
  return `
/** What the strongest trigger found does to clean models, in the layer where it draws attention most: 5% and 95% quantiles. */
export interface AttentionReference {
  /** Rise of the Gini coefficient. */
  readonly gini: readonly [low: number, high: number];
  /** Fall of the entropy. */
  readonly entropy: readonly [low: number, high: number];
}

/** Of clean reference models; written by \`bench/scanWithoutData.ts\`. */
export const attentionReference: AttentionReference = ${JSON.stringify(reference)};
`;
}

/** What scans of made-up graphs are compared with, and how many backdoors they find at the rate of a warning. */
function calibrationSource(records: readonly WithoutDataRecord[]): string {
  const ascending = (figure: Figure): number[] =>
    scored(records, 'nothing', figure)
      .negatives.map(rounded)
      .sort((a, b) => a - b);
  const gap: Figure = ({ estimatedAsrByClass }) => {
    const found = asrGap(estimatedAsrByClass);
    return found === undefined ? 0 : found.easiest.value - found.next.value;
  };
  const reference: Calibration = {
    ...calibration,
    clean: {
      suspicion: ascending(suspicion),
      estimatedAsr: ascending(({ estimatedAsr }) => estimatedAsr.value),
      asrGap: ascending(gap),
      concentrationRise: ascending(attentionFigures.rise),
    },
  };
  const { positives, negatives } = scored(records, 'nothing', suspicion);
  const found = Math.round(foundAt(0.1, positives, negatives) * positives.length);
  return `
import type { Calibration } from '../score';

/** What clean reference models show on graphs made up for them; written by \`bench/scanWithoutData.ts\`. */
export const syntheticCalibration: Calibration = ${JSON.stringify(reference)};

/** Backdoored reference models that get a finding on made-up graphs, among those that could be scanned so. */
export const syntheticOperatingPoint = ${JSON.stringify({ found, of: positives.length })};
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
