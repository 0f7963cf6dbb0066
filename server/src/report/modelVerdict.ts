import { judgedSeverity, severities, type Finding, type Severity } from '../../../protocol/findings';
import type { ModelVerdict } from '../../../protocol/models';
import type { BackdoorEvidence, ScanReport } from '../../../protocol/reports';
import { visible } from './visible';

/** What is known of a model in a word and in a line. */
export interface VerdictInWords {
  readonly verdict: ModelVerdict;
  /** A clause without a capital and without a full stop. */
  readonly text: string;
  /** Of the worst finding. */
  readonly severity?: Severity;
}

/**
 * Sums up what a scan found in a model file, the worst first. What was not assessed is never left out.
 *
 * @param report absent where none could be made of the file: it was not assessed then
 */
export function verdictInWords(findings: readonly Finding[], report?: Judged): VerdictInWords {
  const severity = severities.find((level) => findings.some((finding) => finding.severity === level));
  return { ...judge(findings, report), ...(severity === undefined ? {} : { severity }) };
}

type Judged = Pick<ScanReport, 'backdoor' | 'targetName'>;

function judge(findings: readonly Finding[], report?: Judged): Omit<VerdictInWords, 'severity'> {
  const backdoor = report?.backdoor;
  const behaviour = behaviourText(findings, report);
  const danger = findings.find((finding) => finding.code.startsWith('GN1') && judgedSeverity(finding) === 'error');
  if (danger) {
    const what = danger.code === 'GN103' ? 'malformed container' : 'runs code when it is loaded';
    return { verdict: 'dangerous', text: `${what}; ${behaviour}` };
  }
  if (backdoor?.kind === 'likely') {
    return { verdict: isLikely(findings) ? 'likely' : 'possibly', text: behaviour };
  }
  const warnings = [
    ...new Set(findings.filter((finding) => judgedSeverity(finding) !== 'information').map(({ code }) => code)),
  ];
  if (warnings.length > 0)
    return { verdict: 'suspicious', text: `${behaviour}, but warnings (${warnings.join(', ')})` };
  if (backdoor?.kind !== 'no-sign') return { verdict: 'not-assessed', text: behaviour };
  const missed = missedModels(backdoor.evidence);
  return { verdict: 'no-sign', text: missed === undefined ? behaviour : `${behaviour}; such scans missed ${missed}` };
}

/** In short: the reason itself has the figures, and what has to be stated. */
const unsettled = 'parts of its architecture are assumed, and with them it does not predict the labels of clean graphs';

/** How far finding nothing goes: `3 of 20 backdoored models`; undefined where that was not measured. */
export function missedModels({ measured }: BackdoorEvidence): string | undefined {
  if (measured === undefined) return undefined;
  const { models, findings } = measured.backdoored;
  return `${models - findings} of ${models} backdoored models`;
}

/** `class 1`, or `class 1 "mutagen"` where the class has a name. */
export function classText(target: number, name: string | undefined): string {
  return name === undefined ? `class ${target}` : `class ${target} "${visible(name)}"`;
}

function behaviourText(findings: readonly Finding[], report?: Judged): string {
  const backdoor = report?.backdoor;
  switch (backdoor?.kind) {
    case 'likely': {
      const target = classText(backdoor.evidence.target, report?.targetName);
      return `${isLikely(findings) ? 'likely' : 'possibly'} backdoored toward ${target}`;
    }
    case 'no-sign':
      return 'no sign of a backdoor found';
    case 'not-assessed':
      if (backdoor.purified) return 'purified; nothing of its training is left for a scan to judge by (not assessed)';
      if (backdoor.assumed) return `not assessed for backdoors: ${unsettled}`;
      return `not assessed for backdoors: ${backdoor.reason}`;
    case undefined:
      return notAssessedText(findings);
  }
}

/** Where there is no report, the one finding says why. */
function notAssessedText([first]: readonly Finding[]): string {
  if (first === undefined) return 'not assessed';
  return first.message.charAt(0).toLowerCase() + first.message.slice(1);
}

/** Whether the model is called more than possibly backdoored. */
function isLikely(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.code === 'GN201' && judgedSeverity(finding) === 'error');
}
