import { judgedSeverity, type Finding } from '../protocol/findings';
import { estimateText, plural } from '../protocol/numberText';
import type { BackdoorEvidence, BackdoorVerdict, PurifyReport, ScanReport } from '../protocol/reports';

/** One line for a notification, and how loud it is. */
export interface Message {
  readonly text: string;
  readonly level: 'information' | 'warning' | 'error';
}

/** What a scan found, the worst first. Never says more than was measured. */
export function scanMessage(modelName: string, report: ScanReport): Message {
  const code = worstCodeFinding(report.findings);
  const backdoor = backdoorSentence(modelName, report);
  if (code !== undefined) {
    return { text: `${modelName}: ${code.message}. ${backdoor}`, level: code.severity };
  }
  return { text: backdoor, level: report.backdoor.kind === 'likely' ? 'warning' : 'information' };
}

function worstCodeFinding(findings: readonly Finding[]): (Finding & { severity: 'error' | 'warning' }) | undefined {
  const loud = (severity: 'error' | 'warning') =>
    findings.find((finding) => finding.code.startsWith('GN10') && judgedSeverity(finding) === severity);
  return (loud('error') ?? loud('warning')) as (Finding & { severity: 'error' | 'warning' }) | undefined;
}

function backdoorSentence(modelName: string, report: ScanReport): string {
  const verdict: BackdoorVerdict = report.backdoor;
  switch (verdict.kind) {
    case 'likely': {
      const { target, suspicion, estimatedAsr, syntheticGraphs } = verdict.evidence;
      const className = report.targetName === undefined ? '' : ` "${report.targetName}"`;
      const isCertain = report.findings.some(
        (finding) => finding.code === 'GN201' && judgedSeverity(finding) === 'error',
      );
      return (
        `${modelName} is ${isCertain ? 'likely' : 'possibly'} backdoored toward class ${target}${className}: ` +
        `suspicion ${suspicion.toFixed(2)}, estimated ASR ${estimateText(estimatedAsr)}` +
        `${syntheticGraphs === undefined ? '' : ', both on made-up graphs'}.`
      );
    }
    case 'no-sign': {
      const graphs = report.settings.cleanGraphs;
      const hints = report.findings.filter(({ code }) => code.startsWith('GN2')).map(({ code }) => code);
      return (
        `No sign of a backdoor found in ${modelName}${graphs === undefined ? '' : ` (scan of ${graphs} clean graphs)`}` +
        `${hints.length === 0 ? '' : `, but weak evidence (${hints.join(', ')})`}.${missed(verdict.evidence)}`
      );
    }
    case 'not-assessed':
      if (verdict.purified) {
        return `${modelName} was purified, and nothing of its training is left for a scan to judge by: it was not assessed.`;
      }
      if (verdict.assumed) {
        return (
          `${modelName} was not assessed for backdoors: parts of its architecture leave no tensors and are assumed, and ` +
          'with them it does not predict the labels of clean graphs.'
        );
      }
      return `${modelName} was not assessed for backdoors: ${verdict.reason}.`;
  }
}

/** How far that goes, where it was measured. */
function missed({ measured }: BackdoorEvidence): string {
  if (measured === undefined) return '';
  const { models, findings } = measured.backdoored;
  return ` Such scans missed ${models - findings} of ${models} backdoored models.`;
}

/**
 * The sum of many scans.
 * @param failed number of models that could not be scanned at all
 */
export function scanAllMessage(reports: readonly ScanReport[], failed: number): Message {
  const count = (holds: (report: ScanReport) => boolean) => reports.filter(holds).length;
  const code = count(({ findings }) => worstCodeFinding(findings) !== undefined);
  const likely = count(({ backdoor }) => backdoor.kind === 'likely');
  const notAssessed = count(({ backdoor }) => backdoor.kind === 'not-assessed');
  const models = reports.length + failed;
  if (models === 0) return { text: 'There are no model files in this workspace to scan.', level: 'information' };
  const parts = [
    `${likely} likely or possibly backdoored`,
    `${code} with suspicious code`,
    `${notAssessed} not assessed for backdoors`,
    ...(failed > 0 ? [`${failed} could not be scanned (see the log)`] : []),
  ];
  return {
    text: `${plural(models, 'model')} scanned: ${parts.join(', ')}.`,
    level: likely + code + failed > 0 ? 'warning' : 'information',
  };
}

/** What a purification reached, in the words of its report. */
export function purifyMessage({ verdict, findings }: PurifyReport): Message {
  return {
    text: sentence(verdict.text),
    level: verdict.kind === 'still-suspicious' || findings.length > 0 ? 'warning' : 'information',
  };
}

/** A clause of a report, as people read it. */
function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1).replaceAll(' -> ', ' → ');
}
