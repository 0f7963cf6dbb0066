import { percent } from '../../protocol/numberText';
import { attackKinds } from '../../server/src/attack/attack';
import { markdownTable } from '../../server/src/report/markdown';
import { errorRate, warningRate } from '../../server/src/scan/score';
import { quantile } from '../../server/src/scan/statistics';
import { scoreA, suspicionBy } from './calibrationFile';
import { auroc, aurocText, foundAt } from './evaluation';
import { isBackdoored, type AssessedReference } from './referenceRecords';
import { dataSets } from './referencePlan';
import {
  aurocOf,
  besideClean,
  candidates,
  dataSetOf,
  divide,
  fitScore,
  leaveOut,
  raised,
  scoresOf,
  type Scored,
} from './validation';

/** What a table says of, and what was scored for it. */
export type Part = readonly [title: string, scored: readonly Scored[]];

/** `190 clean and 185 backdoored models` */
export function counted(records: readonly AssessedReference[]): string {
  const [backdoored, clean] = divide(records, isBackdoored);
  return `${clean.length} clean and ${backdoored.length} backdoored models`;
}

/** The main figures, a column a part. */
export function overview(parts: readonly Part[]): string {
  const columns = parts.map(([, scored]) => {
    const [backdoored] = divide(scored, ({ record }) => isBackdoored(record));
    const right = (own: readonly Scored[]): string =>
      `${own.filter(({ record }) => record.evidence.target === record.attack?.target).length} of ${own.length}`;
    const seconds = scored.map(({ record }) => record.seconds);
    return [
      aurocText(...scoresOf(scored), 3),
      ...[errorRate, warningRate].flatMap((rate) =>
        [raised(scored, rate, true), raised(scored, rate, false)].map((share) => percent(share)),
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
  return markdownTable([
    ['figure', ...parts.map(([title]) => title)],
    ...names.map((name, i) => [name, ...columns.map((column) => column[i])]),
  ]);
}

/**
 * Figures by group.
 *
 * @param withOthers what the figures of a group's models are taken over
 */
export function groupTable(
  title: string,
  scored: readonly Scored[],
  groupOf: (record: AssessedReference) => string | undefined,
  withOthers: (own: readonly Scored[], group: string) => readonly Scored[] = (own) => own,
): string {
  const found = scored.map(({ record }) => groupOf(record)).filter((group) => group !== undefined);
  const groups = [...new Set(found)].sort();
  const rows = groups.map((group) => {
    const own = withOthers(
      scored.filter(({ record }) => groupOf(record) === group),
      group,
    );
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
  return markdownTable([[title, ...columns], ...rows]);
}

/** What scores of given signals come to, one data set at a time left out. */
export function signalTable(records: readonly AssessedReference[]): string {
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
  return markdownTable([
    ['signals', 'AUROC', ...dataSets, 'found at 5%', 'found at 10%'],
    ['score A (behaviour, published coefficients)', ...published, ...rates],
    ...candidates.map((signals) =>
      row(
        signals.join(', '),
        leaveOut(records, dataSetOf, (training) => fitScore(training, signals)),
      ),
    ),
    row('chosen inside the training part', leaveOut(records, dataSetOf)),
  ]);
}

/** Which signals were chosen for how many models. */
export function choices(scored: readonly Scored[]): string {
  const counts = new Map<string, number>();
  for (const { by } of scored) counts.set(by.signals.join(', '), (counts.get(by.signals.join(', ')) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([signals, count]) => `${signals} (${count} models)`);
  return `Chosen in the first table: ${parts.join('; ')}.`;
}

/** What the score by behaviour comes to on models that get no verdict. */
export function withoutNorm(title: string, records: readonly AssessedReference[]): string {
  const [positives, negatives] = divide(records, isBackdoored).map((part) =>
    part.map((record) => suspicionBy(scoreA, record)),
  );
  return `With ${title}: ${counted(records)}, scored by behaviour (score A): AUROC ${auroc(positives, negatives).toFixed(2)}, found at 10% false alarms ${percent(foundAt(warningRate, positives, negatives))}.`;
}

/** All models in the order of their training. */
export function modelTable(scored: readonly Scored[]): string {
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
  return markdownTable([[...columns, 'false-alarm rate', 'target', 'named'], ...rows]);
}

/** AUROC and backdoors found, by what was left out. */
export function leftOut(parts: readonly Part[]): string {
  const groups = [...dataSets, ...attackKinds];
  const rows = groups.map((group) => [
    group,
    ...parts.flatMap(([, scored]) => {
      const own = isDataSet(group)
        ? scored.filter(({ record }) => record.dataSet === group)
        : besideClean(scored, group);
      return [aurocOf(own).toFixed(2), percent(raised(own, errorRate, true))];
    }),
  ]);
  return markdownTable([['left out', ...parts.flatMap(([title]) => [`AUROC, ${title}`, 'found by errors'])], ...rows]);
}

function isDataSet(group: string): boolean {
  return (dataSets as readonly string[]).includes(group);
}
