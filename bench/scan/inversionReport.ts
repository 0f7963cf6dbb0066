import { percent } from '../../protocol/numberText';
import { markdownTable } from '../../server/src/report/markdown';
import { mean, median } from '../../server/src/scan/statistics';
import { writeFigures } from './detectionDoc';
import { aurocText } from './evaluation';
import { efforts, type Effort, type InversionRecord } from './inversionRecords';
import { besideTrace } from './inversionScore';
import {
  distancesOf,
  easeGap,
  highestEase,
  inversionWays,
  lossGap,
  namesTarget,
  searchWay,
  type Way,
} from './inversionWays';
import { isBackdoored, type ReferenceRecord } from './referenceRecords';
import { divide } from './validation';

/**
 * Writes the figures of docs/detection.md.
 *
 * @param searched what scans with as many clean graphs recorded of the same models
 */
export async function writeInversionReport(
  records: readonly InversionRecord[],
  searched: readonly ReferenceRecord[],
): Promise<void> {
  const scans = new Map(searched.filter(({ cleanSize }) => cleanSize === 'many').map((scan) => [scan.name, scan]));
  const known = records.filter(({ name }) => scans.get(name)?.verdict.evidence !== undefined);
  const [models, harder] = divide(known, ({ effort }) => effort === 'usual');
  const inversions = inversionWays(models);
  const search = searchWay(models, scans);
  const figures = [
    `${counted(models)}; ${secondsText(models)} a model.`,
    easeTable([...inversions, search]),
    'The attack success rate of the found trigger beside that of the true one, toward the true target:',
    distanceTable(inversions, search),
    'Beside the trace, on the models with BatchNorm, scored by coefficients fitted without their data set:',
    besideTrace(inversions, (name) => scans.get(name)?.verdict.evidence?.signals.trace),
    `Sought harder, with ${effortText('more')} for ${effortText('usual')} (${counted(harder)}; ${secondsText(harder)} a model):`,
    effortTable(models, harder),
  ];
  console.log(figures.join('\n\n'));
  await writeFigures('scanInversion.ts', figures);
}

function counted(models: readonly InversionRecord[]): string {
  const [backdoored, clean] = divide(models, isBackdoored);
  return `${clean.length} clean and ${backdoored.length} backdoored models`;
}

function effortText(effort: Effort): string {
  const { starts, steps } = efforts[effort];
  return `${starts} starts and ${steps} steps`;
}

function secondsText(models: readonly InversionRecord[]): string {
  return `${median(models.map(({ seconds }) => seconds)).toFixed(1)} seconds of processor time`;
}

/** How well a figure of the found triggers tells backdoored models from clean ones. */
function aurocOf({ found }: Way, figure: (one: Way['found'][number]) => number): string {
  const [backdoored, clean] = divide(found, ({ model }) => isBackdoored(model));
  return aurocText(backdoored.map(figure), clean.map(figure));
}

function easeTable(ways: readonly Way[]): string {
  const rows = ways.map((way) => {
    const [backdoored, clean] = divide(way.found, ({ model }) => isBackdoored(model));
    const each = way.found.flatMap(({ byClass }) => byClass.flatMap((figures) => figures ?? []));
    const edges = each.flatMap((figures) => figures.edges ?? []);
    const highest = (some: Way['found']): string => percent(median(some.map(highestEase)));
    return [
      way.title,
      aurocOf(way, easeGap),
      each.some(({ loss }) => loss !== undefined) ? aurocOf(way, lossGap) : '-',
      `${backdoored.filter(namesTarget).length} of ${backdoored.length}`,
      `${highest(backdoored)} and ${highest(clean)}`,
      edges.length === 0 ? '-' : String(median(edges)),
    ];
  });
  return markdownTable([
    [
      ...['sought', 'AUROC of flips (95% interval)', 'AUROC of loss (95% interval)', 'true target flipped most'],
      ...['most flips, median of backdoored and clean', 'edges, median'],
    ],
    ...rows,
  ]);
}

/** Distances that differ by less than one graph of the held-out ones count as equal. */
const oneGraph = 0.02;

function distanceTable(inversions: readonly Way[], search: Way): string {
  const bySearch = new Map(distancesOf(search).map(({ name, distance }) => [name, distance]));
  const rows = [...inversions, search].map((way) => {
    const own = distancesOf(way);
    const gains = own.flatMap(({ name, distance }) => (bySearch.get(name) ?? NaN) - distance);
    const compared = [gains.filter((gain) => gain > oneGraph), gains.filter((gain) => gain < -oneGraph)];
    return [
      way.title,
      percent(median(own.map(({ estimate }) => estimate))),
      distanceText(way),
      ...compared.map(({ length }) => (way === search ? '-' : `${length} of ${own.length}`)),
    ];
  });
  return markdownTable([
    ['sought', 'found ASR, median', 'distance, mean', 'nearer than the search', 'farther than the search'],
    ...rows,
  ]);
}

function distanceText(way: Way): string {
  return `${(100 * mean(distancesOf(way).map(({ distance }) => distance))).toFixed(1)} points`;
}

function effortTable(models: readonly InversionRecord[], harder: readonly InversionRecord[]): string {
  const names = new Set(harder.map(({ name }) => name));
  const usual = inversionWays(models.filter(({ name }) => names.has(name)));
  const rows = inversionWays(harder).map((way, w) => [
    way.title,
    ...[usual[w], way].map((one) => aurocOf(one, easeGap)),
    ...[usual[w], way].map(distanceText),
  ]);
  return markdownTable([
    ['sought', 'AUROC of flips', 'AUROC, sought harder', 'distance, mean', 'distance, sought harder'],
    ...rows,
  ]);
}
