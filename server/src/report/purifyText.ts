import type { BackdoorVerdict, Metrics, PurifyReport, StageFigures, StageResult } from '../../../protocol/reports';
import { architectureText } from './architectureText';
import { estimateText, percent } from './numbers';
import { findingText } from './scanText';
import { textTable } from './table';
import { triggerText } from './triggerText';

/** A model as a column of the comparison. */
type Column = StageFigures & Partial<Pick<StageResult, 'der'>>;

const stageNames = { before: 'before', 'fine-tuned': 'fine-tuned only' } as const;

/** A purification in words: what `graphnad purify` prints. */
export function purifyReportText(report: PurifyReport): string {
  const sections = [
    [`${report.file}  ->  ${report.output}`, architectureText(report.architecture), ...report.notes].join('\n'),
    `Verdict: ${report.verdict.text}`,
    comparisonTable(report.stages, report.method, report.benign),
    ...(report.benign
      ? [`Never poisoned, as it was given: ${report.benign.file}. Its flip ASR is the benign floor.`]
      : []),
    `Trigger found in the suspect model: ${triggerText(report.trigger)}, toward class ${report.trigger.target}`,
    rescanText(report.rescan),
    ...report.findings.map(findingText),
    ...(report.advice.length > 0 ? [['What to try:', ...report.advice.map((line) => `  - ${line}`)].join('\n')] : []),
    `Repeat: ${report.commandLine}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The purified model's own verdict; a new search may well find another trigger, as it does for clean models. */
function rescanText(rescan: BackdoorVerdict): string {
  if (rescan.kind === 'not-assessed') return `Re-scan of the purified model: not assessed: ${rescan.reason}`;
  const { suspicion, estimatedAsr, target } = rescan.evidence;
  const sign = rescan.kind === 'likely' ? 'still looks backdoored' : 'no sign of a backdoor found';
  return (
    `Re-scan of the purified model: ${sign}, suspicion ${suspicion.toFixed(2)}; a new search finds a trigger toward ` +
    `class ${target} with an ASR of ${estimateText(estimatedAsr)}, as it does for most clean models`
  );
}

/**
 * Before, fine-tuned only and purified side by side.
 *
 * @param method heads the column of the purified model, as `GraphNAD` where it is the default
 * @param benign a model that was never poisoned, whose flip ASR is the benign floor
 */
export function comparisonTable(
  stages: readonly StageResult[],
  method = 'graphnad',
  benign?: PurifyReport['benign'],
): string {
  const purified = method === 'graphnad' ? 'GraphNAD' : method;
  const columns: readonly Column[] = benign ? [...stages, benign] : stages;
  const heads = stages.map(({ name }) => (name === 'graphnad' ? purified : stageNames[name]));
  const row = (name: string, cell: (column: Column) => string): string[] => [name, ...columns.map(cell)];
  const share = (value: number | undefined, decimals = 0): string =>
    value === undefined ? '-' : percent(value, decimals);
  const truth = (name: string, key: keyof Metrics, decimals = 0): string[] =>
    row(name, (stage) => share(stage.true?.[key], decimals));
  return textTable([
    ['', ...heads, ...(benign ? ['never poisoned'] : [])],
    row('accuracy', (stage) => share(stage.estimated.acc, 1)),
    row('ASR, estimated', (stage) => estimateText(stage.estimated.asrInterval)),
    row('flip ASR, estimated', (stage) => share(stage.estimated.flipAsr)),
    row('DER', (stage) => stage.der?.toFixed(2) ?? '-'),
    ...(stages.some((stage) => stage.true)
      ? [truth('ASR, true trigger', 'asr', 1), truth('flip ASR, true trigger', 'flipAsr', 1)]
      : []),
  ]);
}
