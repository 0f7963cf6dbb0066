import type { Finding } from '../protocol/findings';
import type { BackdoorVerdict, PurifyReport, ScanReport, StageResult } from '../protocol/reports';
import { accuracy, estimate, estimatedShare } from './format';

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
    return { text: `${modelName}: ${code.message} ${backdoor}`, level: code.severity };
  }
  return { text: backdoor, level: report.backdoor.kind === 'likely' ? 'warning' : 'information' };
}

function worstCodeFinding(findings: readonly Finding[]): (Finding & { severity: 'error' | 'warning' }) | undefined {
  const loud = (severity: 'error' | 'warning') =>
    findings.find((finding) => finding.code.startsWith('GN10') && finding.severity === severity);
  return (loud('error') ?? loud('warning')) as (Finding & { severity: 'error' | 'warning' }) | undefined;
}

function backdoorSentence(modelName: string, report: ScanReport): string {
  const verdict: BackdoorVerdict = report.backdoor;
  switch (verdict.kind) {
    case 'likely': {
      const { target, suspicion, estimatedAsr } = verdict.evidence;
      return (
        `${modelName} is likely backdoored toward class ${target}: suspicion ${suspicion.toFixed(2)}, ` +
        `estimated ASR ${estimate(estimatedAsr)}.`
      );
    }
    case 'no-sign': {
      const graphs = report.settings.cleanGraphs;
      return `No sign of a backdoor found in ${modelName}${graphs === undefined ? '' : ` (scan of ${graphs} clean graphs)`}.`;
    }
    case 'not-assessed':
      return `${modelName} was not assessed for backdoors: ${verdict.reason}`;
  }
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
  const parts = [
    `${likely} likely backdoored`,
    `${code} with suspicious code`,
    `${notAssessed} not assessed for backdoors`,
    ...(failed > 0 ? [`${failed} could not be scanned (see the log)`] : []),
  ];
  return {
    text: `${models} model${models === 1 ? '' : 's'} scanned: ${parts.join(', ')}.`,
    level: likely + code + failed > 0 ? 'warning' : 'information',
  };
}

/** What a purification reached, with the figures that decide. */
export function purifyMessage(report: PurifyReport): Message {
  const figures = changedFigures(report.stages);
  switch (report.verdict.kind) {
    case 'removed':
      return { text: `Backdoor removed: ${figures}.`, level: 'information' };
    case 'still-suspicious':
      return { text: `The purified model is still suspicious: ${figures}.`, level: 'warning' };
    case 'no-backdoor-found':
      return {
        text: `No backdoor was found to remove; a purified copy was written: ${figures}.`,
        level: 'information',
      };
  }
}

function changedFigures(stages: readonly StageResult[]): string {
  const before = stages.find(({ name }) => name === 'before')?.estimated;
  const after = stages.find(({ name }) => name === 'graphnad')?.estimated;
  if (before === undefined || after === undefined) return 'no figures were reported';
  const asr =
    before.asr === undefined || after.asr === undefined
      ? []
      : [`estimated ASR ${estimatedShare(before.asr)} → ${estimatedShare(after.asr)}`];
  return [...asr, `accuracy ${accuracy(before.acc)} → ${accuracy(after.acc)}`].join(', ');
}
