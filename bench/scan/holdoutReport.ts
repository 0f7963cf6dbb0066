import { percent } from '../../protocol/numberText';
import { modelKinds, modelTitles, type ModelKind } from '../../protocol/model';
import { markdownTable } from '../../server/src/report/markdown';
import type { KindRates } from '../../server/src/scan/kindRates';
import { errorRate, warningRate } from '../../server/src/scan/score';
import { writeFigures, writeResults } from './detectionDoc';
import { aurocText } from './evaluation';
import type { HoldoutRecord, HoldoutScan } from './holdoutRecords';
import { kindRatesOf } from './kindRule';
import { cleanSizes, counts, isBackdoored, type CleanSize } from './referenceRecords';
import { writeScanSource } from './scanSource';
import { divide } from './validation';

/** A scan that counts: it gathered evidence, and the model is clean or has a backdoor that works. */
type Assessed = HoldoutRecord & { readonly scan: HoldoutScan };

const sizeTitles: Readonly<Record<CleanSize, string>> = { few: '3% of the training graphs', many: '128 graphs' };

/** Writes docs/results/scan-holdout.md, the figures in docs/detection.md, and what the product knows of each kind. */
export async function writeHoldoutReport(all: readonly HoldoutRecord[]): Promise<void> {
  const working = all.filter(counts);
  const assessed = working.filter((record): record is Assessed => record.scan !== undefined);
  const of = (kind: ModelKind, size: CleanSize): Assessed[] =>
    assessed.filter((record) => record.kind === kind && record.cleanSize === size);
  const kinds = modelKinds.filter((kind) => assessed.some((record) => record.kind === kind));
  const groups = kinds.flatMap((kind) =>
    [...cleanSizes]
      .reverse()
      .map((size) => ({ title: `${modelTitles[kind]}, ${sizeTitles[size]}`, own: of(kind, size) }))
      .filter(({ own }) => own.length > 0),
  );
  const overview = figuresTable('scanned', groups);
  await writeFigures('scanHoldout.ts', [overview]);
  await writeResults('scan-holdout.md', [
    '# Scans of models that nothing was set on',
    'Written by `npx tsx bench/scanHoldout.ts report` from `bench/results/scan/holdout.jsonl`; [detection](../detection.md#measured-other-kinds-of-models) says what the figures mean.',
    `${counted(all)} models: those of the [grids](../../bench/grids/README.md), and clean ones trained beside them in the same way. Of the backdoored ones those count whose attack works (true ASR at least 80%). Findings are by the thresholds as they are shipped. ${refusals(working)}`,
    '## By kind',
    overview,
    ...kinds.flatMap((kind) => kindSections(kind, of)),
  ]);
  await writeScanSource('kindRates.ts', kindRatesSource(kinds.filter((kind) => kind !== 'gin'), of)); // prettier-ignore
}

type Select = (kind: ModelKind, size: CleanSize) => Assessed[];

function kindSections(kind: ModelKind, of: Select): string[] {
  return [...cleanSizes].reverse().flatMap((size) => {
    const own = of(kind, size);
    if (own.length === 0) return [];
    const clean = own.filter((record) => !isBackdoored(record));
    const attacks = [...new Set(own.flatMap(({ attack }) => attack ?? []))].sort();
    const data = [...new Set(own.map((record) => record.data))].sort();
    return [
      `## ${modelTitles[kind]}, ${sizeTitles[size]}`,
      figuresTable('data', data.map((name) => ({ title: name, own: own.filter((record) => record.data === name) }))), // prettier-ignore
      'By attack, beside all clean models:',
      figuresTable('attack', attacks.map((name) => ({ title: name, own: [...clean, ...own.filter(({ attack }) => attack === name)] }))), // prettier-ignore
    ];
  });
}

interface Group {
  readonly title: string;
  readonly own: readonly Assessed[];
}

function figuresTable(title: string, groups: readonly Group[]): string {
  const rows = groups.map(({ title: name, own }) => {
    const [backdoored, clean] = divide(own, isBackdoored);
    const raised = (some: readonly Assessed[], rate: number): string =>
      some.length === 0 ? '-' : percent(some.filter(({ scan }) => scan.rate <= rate).length / some.length);
    const scores = (some: readonly Assessed[]): number[] => some.map(({ scan }) => scan.suspicion);
    const flagged = backdoored.filter(({ scan }) => scan.rate <= errorRate);
    const right = flagged.filter(({ scan, target }) => scan.named === target);
    return [
      name,
      `${clean.length} and ${backdoored.length}`,
      aurocText(scores(backdoored), scores(clean)),
      raised(backdoored, errorRate),
      raised(clean, errorRate),
      raised(backdoored, warningRate),
      raised(clean, warningRate),
      `${right.length} of ${flagged.length}`,
    ];
  });
  return markdownTable([
    [
      ...[title, 'clean and backdoored', 'AUROC (95% interval)', 'found by errors', 'clean with errors'],
      ...['found by errors or warnings', 'clean with either', 'target right, of errors'],
    ],
    ...rows,
  ]);
}

function counted(records: readonly HoldoutRecord[]): number {
  return new Set(records.map(({ key }) => key)).size;
}

/** How many scans were refused, and why. */
function refusals(records: readonly HoldoutRecord[]): string {
  const reasons = new Map<string, number>();
  for (const { refused } of records) {
    if (refused === undefined) continue;
    const reason = refused.replace(/\d+(\.\d+)?/g, 'N');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return `None of ${records.length} scans was refused.`;
  const parts = [...reasons].map(([reason, count]) => `${reason} (${count})`);
  return `Of ${records.length} scans these were refused: ${parts.join('; ')}.`;
}

function kindRatesSource(kinds: readonly ModelKind[], of: Select): string {
  const bySize = (kind: ModelKind): Partial<Record<CleanSize, KindRates>> =>
    Object.fromEntries(
      cleanSizes.flatMap((size) => {
        const rates = kindRatesOf(kind, of(kind, size).map((record) => ({ ...record.scan, cleanGraphs: record.cleanGraphs, backdoored: isBackdoored(record) }))); // prettier-ignore
        return rates === undefined ? [] : [[size, rates]];
      }),
    );
  const known = kinds.map((kind) => [kind, bySize(kind)] as const).filter(([, sizes]) => Object.keys(sizes).length > 0);
  return `import type { ModelKind } from '../../../protocol/model';
import type { MeasuredRates } from '../../../protocol/reports';

/** How scans of a kind of model that no threshold was set on turned out (docs/detection.md). */
export interface KindRates {
  readonly rates: MeasuredRates;
  readonly auroc: number;
  /** 95% interval. */
  readonly interval: readonly [low: number, high: number];
  /** Whether backdoored models of the kind could not be told from clean ones: no verdict rests on such a scan then. */
  readonly isWorthless: boolean;
}

/** By kind and by the number of clean graphs; written by \`bench/scanHoldout.ts\`, as all of this file. */
export const kindRates: Readonly<Partial<Record<ModelKind, Partial<Record<'few' | 'many', KindRates>>>>> = ${JSON.stringify(Object.fromEntries(known))};
`;
}
