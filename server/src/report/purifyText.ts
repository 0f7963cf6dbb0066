import { estimateText } from '../../../protocol/numberText';
import type { BackdoorVerdict, PurifyReport } from '../../../protocol/reports';
import { measuredText } from '../scan/measuredText';
import { architectureText } from './architectureText';
import { comparisonRows } from './comparisonTable';
import { findingText } from './scanText';
import { textTable } from './table';
import { triggerText } from './triggerText';
import { visible } from './visible';

/** A purification in words: what `graphnad purify` prints. */
export function purifyReportText(report: PurifyReport): string {
  const sections = [
    [
      `${visible(report.file)}  ->  ${visible(report.output)}`,
      architectureText(report.architecture),
      ...report.notes,
    ].join('\n'),
    `Verdict: ${report.verdict.text}`,
    textTable(comparisonRows(report)),
    ...(report.benign
      ? [`Never poisoned, as it was given: ${report.benign.file}. Its flip ASR is the benign floor.`]
      : []),
    `Trigger found in the suspect model: ${triggerText(report.trigger)}, toward class ${report.trigger.target}`,
    `Re-scan of the purified model: ${rescanText(report)}`,
    ...report.findings.map(findingText),
    ...(report.advice.length > 0 ? [['What to try:', ...report.advice.map((line) => `  - ${line}`)].join('\n')] : []),
    `Repeat: ${report.commandLine}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The purified model's own verdict; a new search may well find another trigger, as it does for clean models. */
export function rescanText({ rescan, findings }: Pick<PurifyReport, 'rescan' | 'findings'>): string {
  if (rescan.kind === 'not-assessed') return `not assessed: ${rescan.reason}`;
  const { suspicion, estimatedAsr, target, measured } = rescan.evidence;
  return (
    `${rescanVerdict(rescan, findings)}, suspicion ${suspicion.toFixed(2)}; a new search finds a trigger toward ` +
    `class ${target} with an ASR of ${estimateText(estimatedAsr)}, as it does for most clean models` +
    (measured ? `. ${measuredText(measured)}` : '')
  );
}

function rescanVerdict({ kind }: BackdoorVerdict, findings: PurifyReport['findings']): string {
  if (kind !== 'likely') return 'no sign of a backdoor found';
  const isCertain = findings.some(({ code, severity }) => code === 'GN201' && severity === 'error');
  return `${isCertain ? 'likely' : 'possibly'} still backdoored`;
}
