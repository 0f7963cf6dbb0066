import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { Rng } from '../../server/src/graph/rng';
import { linePlot } from '../../server/src/report/linePlot';
import { errorRate, warningRate } from '../../server/src/scan/score';
import { quantile } from '../../server/src/scan/statistics';
import { scoreA, suspicionBy, withTraces } from './calibrationFile';
import { auroc, foundAt } from './evaluation';
import { isBackdoored, type AssessedReference } from './referenceRecords';
import { dataSets } from './referencePlan';
import {
  aurocInterval,
  aurocOf,
  candidates,
  dataSetOf,
  divide,
  fitScore,
  leaveDataSetAndAttackOut,
  leaveOut,
  raised,
  type Scored,
} from './validation';

const folder = path.join(__dirname, '..', '..', 'docs', 'results');

/** Writes docs/results/scan-models.md and its plots. */
export async function writeReferenceReport(all: readonly AssessedReference[]): Promise<void> {
  const records = withTraces(all);
  const rest = all.filter((record) => !records.includes(record));
  const strict = leaveDataSetAndAttackOut(records);
  const sections = [
    '# Scans of reference models',
    'Written by `npx tsx bench/scanCalibration.ts fit` from `bench/results/scan/reference.jsonl`; [detection](../detection.md) says what the figures mean.',
    `${counted(all)}: GIN of ${new Set(all.map(({ recipe }) => recipe.name)).size} recipes on ${dataSets.join(', ')}, each scanned once with 3% of its training graphs, none poisoned, at least ten. ${counted(records)} have BatchNorm; the tables are of these, but where they say otherwise.`,
    '## With the data set and the attack left out',
    'Every model is scored by coefficients, and by a choice of signals, that saw neither its data set nor its attack. A finding is raised where the false-alarm rate among the clean models that the score was fitted on is at most 5%, or 10%.',
    overview(strict),
    '![ROC curve](scan-roc.svg)',
    '![Calibration](scan-calibration.svg)',
    '## By data set and attack',
    groupTable(
      'data set',
      strict,
      ({ record }) => [record.dataSet],
      (own) => own,
    ),
    groupTable(
      'attack',
      strict,
      ({ record }) => (record.attack ? [record.attack.kind] : []),
      (own) => [...own, ...strict.filter(({ record }) => !isBackdoored(record))],
    ),
    groupTable(
      'poisoning rate',
      strict,
      ({ record }) => (record.attack ? [percent(record.attack.poisoningRate)] : []),
      (own) => [...own, ...strict.filter(({ record }) => !isBackdoored(record))],
    ),
    '## By recipe, with the recipe left out',
    groupTable(
      'recipe',
      leaveOut(records, ({ recipe }) => recipe.name),
      ({ record }) => [record.recipe.name],
      (own) => own,
    ),
    '## What the score is made of',
    'Each row leaves out one data set at a time, with its signals given; the last chooses them inside the training part.',
    signalTable(records),
    choices(strict),
    '## Models without BatchNorm',
    withoutNorm(rest),
    '## Model by model',
    'Scored as in the first table; log-odds above 0 lean towards a backdoor. The false-alarm rate is that among the clean models of the training part.',
    modelTable(strict),
  ];
  mkdirSync(folder, { recursive: true });
  const text = await format(`${sections.join('\n\n')}\n`, { parser: 'markdown', printWidth: 120 });
  writeFileSync(path.join(folder, 'scan-models.md'), text);
  writeFileSync(path.join(folder, 'scan-roc.svg'), rocPlot(strict));
  writeFileSync(path.join(folder, 'scan-calibration.svg'), calibrationPlot(strict));
  console.log(sections.slice(4, 15).join('\n\n'));
}

function counted(records: readonly AssessedReference[]): string {
  const [backdoored, clean] = divide(records, isBackdoored);
  return `${clean.length} clean and ${backdoored.length} backdoored models`;
}

function overview(scored: readonly Scored[]): string {
  const [backdoored] = divide(scored, ({ record }) => isBackdoored(record));
  const [low, high] = aurocInterval(scored, new Rng(0, 'AUROC interval'));
  const flagged = backdoored.filter(({ rate }) => rate <= errorRate);
  const right = (own: readonly Scored[]): string =>
    `${own.filter(({ record }) => record.evidence.target === record.attack?.target).length} of ${own.length}`;
  const seconds = scored.map(({ record }) => record.seconds);
  return table(
    ['figure', 'measured'],
    [
      ['AUROC (95% interval)', `${aurocOf(scored).toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`],
      ['backdoors found by errors (5%)', percent(raised(scored, errorRate, true))],
      ['clean models with errors', percent(raised(scored, errorRate, false))],
      ['backdoors found by errors or warnings (10%)', percent(raised(scored, warningRate, true))],
      ['clean models with errors or warnings', percent(raised(scored, warningRate, false))],
      ['target class right, of the backdoors found by errors', right(flagged)],
      ['target class right, of all backdoors', right(backdoored)],
      ['seconds a scan, median (busy machine)', quantile(seconds, 0.5).toFixed(1)],
    ],
  );
}

/** @param withOthers what the AUROC of a group's models is taken over */
function groupTable(
  title: string,
  scored: readonly Scored[],
  groupsOf: (scored: Scored) => readonly string[],
  withOthers: (own: readonly Scored[]) => readonly Scored[],
): string {
  const groups = [...new Set(scored.flatMap(groupsOf))].sort();
  const rows = groups.map((group) => {
    const own = withOthers(scored.filter((one) => groupsOf(one).includes(group)));
    const [backdoored, clean] = divide(own, ({ record }) => isBackdoored(record));
    return [
      group,
      String(clean.length),
      String(backdoored.length),
      aurocOf(own).toFixed(2),
      percent(raised(own, errorRate, true)),
      percent(raised(own, errorRate, false)),
      percent(raised(own, warningRate, true)),
      percent(raised(own, warningRate, false)),
    ];
  });
  const titles = ['clean', 'backdoored', 'AUROC', 'found at 5%', 'false alarms', 'found at 10%', 'false alarms'];
  return table([title, ...titles], rows);
}

function signalTable(records: readonly AssessedReference[]): string {
  const row = (name: string, scored: readonly Scored[]): string[] => {
    const perSet = dataSets.map((dataSet) => aurocOf(scored.filter(({ record }) => record.dataSet === dataSet)));
    const rates = [errorRate, warningRate].map((rate) => percent(raised(scored, rate, true)));
    return [name, ...[aurocOf(scored), ...perSet].map((value) => value.toFixed(2)), ...rates];
  };
  const [positives, negatives] = divide(records, isBackdoored).map((part) =>
    part.map((record) => suspicionBy(scoreA, record)),
  );
  const perSet = dataSets.map((dataSet) => {
    const [own, clean] = divide(
      records.filter((record) => record.dataSet === dataSet),
      isBackdoored,
    );
    return auroc(own.map((record) => suspicionBy(scoreA, record)), clean.map((record) => suspicionBy(scoreA, record))); // prettier-ignore
  });
  const published = [auroc(positives, negatives), ...perSet].map((value) => value.toFixed(2));
  const rates = [errorRate, warningRate].map((rate) => percent(foundAt(rate, positives, negatives)));
  return table(
    ['signals', 'AUROC', ...dataSets, 'found at 5%', 'found at 10%'],
    [
      ['score A (behaviour, published coefficients)', ...published, ...rates],
      ...candidates.map((signals) =>
        row(
          signals.join(', '),
          leaveOut(records, dataSetOf, (training) => fitScore(training, signals)),
        ),
      ),
      row('chosen inside the training part', leaveOut(records, dataSetOf)),
    ],
  );
}

function choices(scored: readonly Scored[]): string {
  const counts = new Map<string, number>();
  for (const { by } of scored) counts.set(by.signals.join(', '), (counts.get(by.signals.join(', ')) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([signals, count]) => `${signals} (${count} models)`);
  return `Chosen in the first table: ${parts.join('; ')}.`;
}

function withoutNorm(records: readonly AssessedReference[]): string {
  const [positives, negatives] = divide(records, isBackdoored).map((part) =>
    part.map((record) => suspicionBy(scoreA, record)),
  );
  return `${counted(records)}, scored by behaviour (score A): AUROC ${auroc(positives, negatives).toFixed(2)}, found at 10% false alarms ${percent(foundAt(warningRate, positives, negatives))}.`;
}

function modelTable(scored: readonly Scored[]): string {
  const rows = [...scored]
    .sort((a, b) => a.record.seed - b.record.seed)
    .map(({ record, score, rate }) => {
      const { attack, asr, evidence, accuracy, cleanGraphs } = record;
      return [
        record.dataSet,
        record.recipe.name,
        attack ? `${attack.kind} ${percent(attack.poisoningRate)}` : '-',
        percent(accuracy),
        asr === undefined ? '-' : percent(asr),
        String(cleanGraphs),
        (evidence.signals.trace ?? 0).toFixed(1),
        score.toFixed(2),
        percent(rate),
        attack ? String(attack.target) : '-',
        String(evidence.target),
      ];
    });
  const titles = ['data', 'recipe', 'attack', 'accuracy', 'true ASR', 'clean graphs', 'trace', 'log-odds'];
  return table([...titles, 'false-alarm rate', 'target', 'named'], rows);
}

const shownRates = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

function rocPlot(scored: readonly Scored[]): string {
  const curve = (own: readonly Scored[]): { x: number; y: number; deviation: number }[] => {
    const [positives, negatives] = divide(own, ({ record }) => isBackdoored(record)).map((part) =>
      part.map(({ score }) => score),
    );
    const descending = [...negatives].sort((a, b) => b - a);
    return shownRates.map((x) => {
      const threshold = descending[Math.floor(x * descending.length)] ?? -Infinity;
      return { x, y: positives.filter((score) => score > threshold).length / positives.length, deviation: 0 };
    });
  };
  return linePlot({
    title: 'Backdoors found by false alarms, data set and attack left out',
    description: 'Share of backdoored reference models above a threshold, by the share of clean models above it.',
    xLabel: 'share of clean models above the threshold',
    yLabel: 'share of backdoored models',
    yRange: [0, 1],
    series: [
      { name: 'all', points: curve(scored) },
      ...dataSets.map((name) => ({ name, points: curve(scored.filter(({ record }) => record.dataSet === name)) })),
    ],
  });
}

const bins = 5;

function calibrationPlot(scored: readonly Scored[]): string {
  const [positives, negatives] = divide(scored, ({ record }) => isBackdoored(record));
  const points = Array.from({ length: bins }, (_, bin) => {
    const inside = (own: readonly Scored[]): number =>
      own.filter(({ score }) => Math.min(bins - 1, Math.floor(bins / (1 + Math.exp(-score)))) === bin).length /
      own.length;
    const share = inside(positives) / (inside(positives) + inside(negatives));
    return { x: (bin + 0.5) / bins, y: share, deviation: 0 };
  }).filter(({ y }) => Number.isFinite(y));
  return linePlot({
    title: 'Calibration, data set and attack left out',
    description: 'Share of backdoored models among those of a suspicion, with as many clean as backdoored ones.',
    xLabel: 'suspicion',
    yLabel: 'share that is backdoored',
    yRange: [0, 1],
    series: [
      { name: 'measured', points },
      { name: 'perfect', points: points.map(({ x }) => ({ x, y: x, deviation: 0 })) },
    ],
  });
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), `|${' --- |'.repeat(titles.length)}`, ...rows.map(line)].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
