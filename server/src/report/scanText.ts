import type { Finding } from '../../../protocol/findings';
import type { BackdoorEvidence, ScanReport, TriggerSummary } from '../../../protocol/reports';
import { describeTrigger } from '../scan/describeTrigger';
import { architectureText } from './architectureText';
import { estimateText, percent, plural } from './numbers';
import { textTable } from './table';

const marks = { error: '(x)', warning: '(!)', information: '(i)' } as const;

/** The whole of a scan in words: the virtual report in the editor, and `graphnad scan` on a terminal. */
export function scanReportText(report: ScanReport): string {
  const sections = [
    head(report),
    ...report.findings.map(findingText),
    verdictText(report),
    ...(report.backdoor.kind === 'not-assessed' ? [] : [evidenceText(report.backdoor.evidence)]),
    settingsText(report),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A finding with its evidence, indented below it. */
export function findingText(finding: Finding): string {
  return [
    `${marks[finding.severity]} ${finding.message}  ${finding.code}`,
    ...finding.details.map((detail) => `    ${detail}`),
  ].join('\n');
}

function head(report: ScanReport): string {
  return [
    report.file,
    `${report.format}, ${plural(report.bytes, 'byte')}, sha256 ${report.sha256}`,
    ...(report.architecture ? [`Recognised as ${architectureText(report.architecture)}`] : []),
    ...report.architectureNotes,
  ].join('\n');
}

function verdictText(report: ScanReport): string {
  const { backdoor } = report;
  switch (backdoor.kind) {
    case 'likely': {
      const certain = report.findings.some(({ code, severity }) => code === 'GN201' && severity === 'error');
      return `Verdict: ${certain ? 'likely' : 'possibly'} backdoored toward class ${backdoor.evidence.target}.`;
    }
    case 'no-sign':
      return (
        'Verdict: no sign of a backdoor found' +
        `${report.settings.cleanGraphs === undefined ? '' : ` (scan of ${plural(report.settings.cleanGraphs, 'clean graph')})`}.` +
        ' This is not a proof that there is none.'
      );
    case 'not-assessed':
      return `Verdict: not assessed for backdoors: ${backdoor.reason}`;
  }
}

function evidenceText(evidence: BackdoorEvidence): string {
  const lines = [
    `Suspicion ${evidence.suspicion.toFixed(2)}, above ${percent(evidence.abovePercentOfClean)} of clean reference models.`,
    `Estimated attack success rate toward class ${evidence.target}: ${estimateText(evidence.estimatedAsr)},` +
      ` ${plural(evidence.estimatedAsr.count, 'graph')} that were not used to find the trigger.`,
    `Toward each class: ${evidence.estimatedAsrByClass.map((estimate, i) => `${i}: ${estimateText(estimate)}`).join(', ')}.`,
    `Trigger found: ${triggerText(evidence.trigger)}.`,
    `Signals: ${Object.entries(evidence.signals)
      .map(([name, value]) => `${name} ${value.toFixed(3)}`)
      .join(', ')}.`,
  ];
  const attention = textTable([
    ['layer', 'top 5% of nodes, clean', 'with trigger'],
    ...evidence.attention.map(({ layer, clean, triggered }) => [String(layer), percent(clean), percent(triggered)]),
  ]);
  return `${lines.join('\n')}\n\nAttention held by the top nodes\n${attention}`;
}

/** A trigger to the last edge: `4-node ring put on hub nodes, replacing their edges; edges 0-1 1-2 2-3 0-3; labels kept`. */
export function triggerText(trigger: TriggerSummary): string {
  const { edges, labels, attach } = trigger;
  const laidOver = edges !== null && attach !== 'new-nodes';
  const how = laidOver ? (trigger.replace ? ', replacing their edges' : ', added to their edges') : '';
  return [
    describeTrigger(trigger) + how,
    ...(edges === null || edges.length === 0 ? [] : [`edges ${edges.map(([u, v]) => `${u}-${v}`).join(' ')}`]),
    labels === null ? 'labels kept' : `labels ${labels.join(' ')}`,
  ].join('; ');
}

function settingsText({ settings }: ScanReport): string {
  const parts = [
    `seed ${settings.seed}`,
    ...(settings.data === undefined ? [] : [`data ${settings.data}`]),
    ...(settings.features === undefined ? [] : [`features ${settings.features}`]),
    ...(settings.dataHash === undefined ? [] : [`data sha256 ${settings.dataHash}`]),
    `backend ${settings.backend}`,
  ];
  return `Settings: ${parts.join(', ')}`;
}
