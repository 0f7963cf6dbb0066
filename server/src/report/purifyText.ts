import type { BackdoorVerdict, Metrics, PurifyReport, StageResult } from '../../../protocol/reports';
import { architectureText } from './architectureText';
import { estimateText, percent } from './numbers';
import { findingText } from './scanText';
import { textTable } from './table';
import { triggerText } from './triggerText';

const stageNames = { before: 'before', 'fine-tuned': 'fine-tuned only' } as const;

/** A purification in words: what `graphnad purify` prints. */
export function purifyReportText(report: PurifyReport): string {
  const sections = [
    [`${report.file}  ->  ${report.output}`, architectureText(report.architecture), ...report.notes].join('\n'),
    `Verdict: ${report.verdict.text}`,
    comparisonTable(report.stages, report.method),
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
 * @param method heads the last column, as `GraphNAD` where it is the default
 */
export function comparisonTable(stages: readonly StageResult[], method = 'graphnad'): string {
  const purified = method === 'graphnad' ? 'GraphNAD' : method;
  const row = (name: string, cell: (stage: StageResult) => string): string[] => [name, ...stages.map(cell)];
  const share = (value: number | undefined, decimals = 0): string =>
    value === undefined ? '-' : percent(value, decimals);
  const truth = (name: string, key: keyof Metrics, decimals = 0): string[] =>
    row(name, (stage) => share(stage.true?.[key], decimals));
  return textTable([
    row('', ({ name }) => (name === 'graphnad' ? purified : stageNames[name])),
    row('accuracy', (stage) => share(stage.estimated.acc, 1)),
    row('ASR, estimated', (stage) => estimateText(stage.estimated.asrInterval)),
    row('flip ASR, estimated', (stage) => share(stage.estimated.flipAsr)),
    row('DER', (stage) => stage.der?.toFixed(2) ?? '-'),
    ...(stages.some((stage) => stage.true)
      ? [truth('ASR, true trigger', 'asr', 1), truth('flip ASR, true trigger', 'flipAsr', 1)]
      : []),
  ]);
}
