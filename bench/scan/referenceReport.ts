import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { Rng } from '../../server/src/graph/rng';
import { linePlot } from '../../server/src/report/linePlot';
import { errorRate, warningRate } from '../../server/src/scan/score';
import { quantile } from '../../server/src/scan/statistics';
import { scoreA, suspicionBy, withTraces } from './calibrationFile';
import { auroc, foundAt } from './evaluation';
import { cleanSizes, isBackdoored, type AssessedReference, type CleanSize } from './referenceRecords';
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

const titles: Readonly<Record<CleanSize, string>> = {
  few: '3% of the training graphs, at least ten',
  many: '128 training graphs',
};

/**
 * Writes docs/results/scan-models.md, the list of models beside it, and the plots.
 *
 * @param refused how many scans did not come to evidence
 */
export async function writeReferenceReport(all: readonly AssessedReference[], refused: number): Promise<void> {
  const bySize = cleanSizes.map((size) => {
    const own = all.filter(({ cleanSize }) => cleanSize === size);
    const records = withTraces(own);
    return { size, own, records, strict: leaveDataSetAndAttackOut(records) };
  });
  const [few] = bySize;
  const recipes = new Set(all.map(({ recipe }) => recipe.name)).size;
  const sections = [
    '# Scans of reference models',
    `Written by \`npx tsx bench/scanCalibration.ts fit\` from \`bench/results/scan/reference.jsonl\`; [detection](../detection.md) says what the figures mean. Model by model: [list](scan-models-list.md).`,
    `${counted(few.own)} whose attack works (true ASR at least 80%): GIN of ${recipes} recipes on ${dataSets.join(', ')}, the backdoored ones of all attacks toward either class. Each was scanned once with 3% of its training graphs, none poisoned and at least ten, and once with 128; ${refused} scans were refused, because the model gets no more than guessing right on the clean graphs, or puts them all into one class. With 3%, ${counted(few.records)} have BatchNorm; all tables but the last are of these.`,
    '## With the data set and the attack left out',
    'Every model is scored by coefficients, and by a choice of signals, that saw neither its data set nor its attack. A finding is raised where the false-alarm rate among the clean models that the score was fitted on is at most 5% (error) or 10% (warning).',
    overview(bySize.map(({ size, strict }) => [titles[size], strict])),
    ...bySize.flatMap(({ size }) => [`![ROC curves, ${titles[size]}](scan-roc-${size}.svg)`]),
    ...bySize.flatMap(({ size }) => [`![Calibration, ${titles[size]}](scan-calibration-${size}.svg)`]),
    ...bySize.flatMap(({ size, records, strict }) => sizeSections(titles[size], records, strict)),
    '## Models without BatchNorm',
    ...bySize.map(({ size, own, records }) =>
      withoutNorm(
        titles[size],
        own.filter((record) => !records.includes(record)),
      ),
    ),
  ];
  mkdirSync(folder, { recursive: true });
  await writePage('scan-models.md', sections);
  await writePage('scan-models-list.md', [
    '# Reference models, one by one',
    'Written by `npx tsx bench/scanCalibration.ts fit`. Scored as in the first table of [scans of reference models](scan-models.md): log-odds above 0 lean towards a backdoor, and the false-alarm rate is that among the clean models of the training part.',
    ...bySize.flatMap(({ size, strict }) => [`## ${titles[size]}`, modelTable(strict)]),
  ]);
  for (const { size, strict } of bySize) {
    writeFileSync(path.join(folder, `scan-roc-${size}.svg`), rocPlot(titles[size], strict));
    writeFileSync(path.join(folder, `scan-calibration-${size}.svg`), calibrationPlot(titles[size], strict));
  }
  console.log(sections.join('\n\n'));
}

async function writePage(name: string, sections: readonly string[]): Promise<void> {
  const text = await format(`${sections.join('\n\n')}\n`, { parser: 'markdown', printWidth: 120 });
  writeFileSync(path.join(folder, name), text);
}

function sizeSections(title: string, records: readonly AssessedReference[], strict: readonly Scored[]): string[] {
  const clean = strict.filter(({ record }) => !isBackdoored(record));
  const besideClean = (own: readonly Scored[]): readonly Scored[] => [...own, ...clean];
  return [
    `## ${title}`,
    'By data set and by attack, both left out; an attack is set against all clean models:',
    groupTable(
      'data set',
      strict,
      ({ dataSet }) => dataSet,
      (own) => own,
    ),
    groupTable('attack', strict, ({ attack }) => attack?.kind, besideClean),
    groupTable('poisoning rate', strict, ({ attack }) => attack && percent(attack.poisoningRate), besideClean),
    'By recipe, with the recipe left out:',
    groupTable(
      'recipe',
      leaveOut(records, ({ recipe }) => recipe.name),
      ({ recipe }) => recipe.name,
      (own) => own,
    ),
    'What scores of other signals come to, with one data set at a time left out:',
    signalTable(records),
    choices(strict),
  ];
}

function counted(records: readonly AssessedReference[]): string {
  const [backdoored, clean] = divide(records, isBackdoored);
  return `${clean.length} clean and ${backdoored.length} backdoored models`;
}

function overview(parts: readonly (readonly [string, readonly Scored[]])[]): string {
  const columns = parts.map(([, scored]) => {
    const [backdoored] = divide(scored, ({ record }) => isBackdoored(record));
    const [low, high] = aurocInterval(scored, new Rng(0, 'AUROC interval'));
    const right = (own: readonly Scored[]): string =>
      `${own.filter(({ record }) => record.evidence.target === record.attack?.target).length} of ${own.length}`;
    const seconds = scored.map(({ record }) => record.seconds);
    return [
      `${aurocOf(scored).toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`,
      ...[errorRate, warningRate].flatMap((rate) =>
        [raised(scored, rate, true), raised(scored, rate, false)].map(percent),
      ),
      right(backdoored.filter(({ rate }) => rate <= errorRate)),
      right(backdoored),
      quantile(seconds, 0.5).toFixed(1),
    ];
  });
  const names = [
    'AUROC (95% interval)',
    'backdoors found by errors',
    'clean models with errors',
    'backdoors found by errors or warnings',
    'clean models with errors or warnings',
    'target class right, of the backdoors found by errors',
    'target class right, of all backdoors',
    'seconds a scan, median (busy machine)',
  ];
  return table(
    ['figure', ...parts.map(([title]) => title)],
    names.map((name, i) => [name, ...columns.map((column) => column[i])]),
  );
}

/** @param withOthers what the AUROC of a group's models is taken over */
function groupTable(
  title: string,
  scored: readonly Scored[],
  groupOf: (record: AssessedReference) => string | undefined,
  withOthers: (own: readonly Scored[]) => readonly Scored[],
): string {
  const found = scored.map(({ record }) => groupOf(record)).filter((group) => group !== undefined);
  const groups = [...new Set(found)].sort();
  const rows = groups.map((group) => {
    const own = withOthers(scored.filter(({ record }) => groupOf(record) === group));
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
  const columns = ['clean', 'backdoored', 'AUROC', 'found at 5%', 'false alarms', 'found at 10%', 'false alarms'];
  return table([title, ...columns], rows);
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

function withoutNorm(title: string, records: readonly AssessedReference[]): string {
  const [positives, negatives] = divide(records, isBackdoored).map((part) =>
    part.map((record) => suspicionBy(scoreA, record)),
  );
  return `With ${title}: ${counted(records)}, scored by behaviour (score A): AUROC ${auroc(positives, negatives).toFixed(2)}, found at 10% false alarms ${percent(foundAt(warningRate, positives, negatives))}.`;
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
  const columns = ['data', 'recipe', 'attack', 'accuracy', 'true ASR', 'clean graphs', 'trace', 'log-odds'];
  return table([...columns, 'false-alarm rate', 'target', 'named'], rows);
}

const shownRates = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

function rocPlot(title: string, scored: readonly Scored[]): string {
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
    title: `Backdoors found by false alarms: ${title}`,
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

function calibrationPlot(title: string, scored: readonly Scored[]): string {
  const [positives, negatives] = divide(scored, ({ record }) => isBackdoored(record));
  const points = Array.from({ length: bins }, (_, bin) => {
    const inside = (own: readonly Scored[]): number =>
      own.filter(({ score }) => Math.min(bins - 1, Math.floor(bins / (1 + Math.exp(-score)))) === bin).length /
      own.length;
    const share = inside(positives) / (inside(positives) + inside(negatives));
    return { x: (bin + 0.5) / bins, y: share, deviation: 0 };
  }).filter(({ y }) => Number.isFinite(y));
  return linePlot({
    title: `Calibration: ${title}`,
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
