import { judgedSeverity, severities, type Finding, type Severity } from '../../../protocol/findings';
import type { ModelVerdict } from '../../../protocol/models';
import type { BackdoorVerdict } from '../../../protocol/reports';

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
 * @param backdoor absent where no report could be made of the file: it was not assessed then
 */
export function verdictInWords(findings: readonly Finding[], backdoor?: BackdoorVerdict): VerdictInWords {
  const severity = severities.find((level) => findings.some((finding) => finding.severity === level));
  return { ...judge(findings, backdoor), ...(severity === undefined ? {} : { severity }) };
}

function judge(findings: readonly Finding[], backdoor?: BackdoorVerdict): Omit<VerdictInWords, 'severity'> {
  const behaviour = behaviourText(findings, backdoor);
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
  return { verdict: backdoor?.kind === 'no-sign' ? 'no-sign' : 'not-assessed', text: behaviour };
}

function behaviourText(findings: readonly Finding[], backdoor?: BackdoorVerdict): string {
  switch (backdoor?.kind) {
    case 'likely':
      return `${isLikely(findings) ? 'likely' : 'possibly'} backdoored toward class ${backdoor.evidence.target}`;
    case 'no-sign':
      return 'no sign of a backdoor found';
    case 'not-assessed':
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
