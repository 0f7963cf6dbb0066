/** What the Models view tells of the model that somebody points at: enough to know what to do, no more. */
import { judgedSeverity, severities, type Finding } from '../../protocol/findings';
import type { ModelKnowledge } from '../../protocol/inspector';
import type { ModelEntry, ModelVerdict } from '../../protocol/models';
import { activityText, pictureOf, sentence, whenText } from './modelWords';

/** Something that can be done from the tooltip. */
export interface TooltipLink {
  readonly title: string;
  /** Command that takes the address of the model. */
  readonly command: string;
}

/** All texts are plain. */
export interface ModelTooltip {
  /** Codicon. */
  readonly icon: string;
  readonly verdict: string;
  /** The worst findings, in a line each. */
  readonly evidence: readonly string[];
  readonly advice: string;
  /** When the verdict was reached, what goes on. */
  readonly remarks: readonly string[];
  readonly links: readonly TooltipLink[];
}

/** So many findings are told; the report has them all. */
const toldFindings = 2;

const advice: Readonly<Record<ModelVerdict, string>> = {
  dangerous: 'Do not load this file. Get the weights from a source you trust, best as safetensors.',
  likely: 'Do not use it as it is: purify it and scan the result, or get the model from a source you trust.',
  possibly: 'Do not rely on it before you have read the report, or purified it and scanned the result.',
  suspicious: 'Read the report before you rely on it.',
  'not-assessed': 'This says nothing about whether it carries a backdoor. The report says what a verdict needs.',
  'no-sign': 'This is not a proof that there is none.',
  'not-scanned': 'Nothing is known about it yet.',
};

const scan: TooltipLink = { title: 'Scan', command: 'graphnad.scanModel' };
const report: TooltipLink = { title: 'Show report', command: 'graphnad.showReport' };
const purify: TooltipLink = { title: 'Purify...', command: 'graphnad.purifyModel' };

/**
 * @param knowledge absent where the server did not say more than the view shows anyway
 * @param now decides whether the time or the day is said
 * @param trusted whether files may be written and models run here
 */
export function modelTooltip(
  entry: ModelEntry,
  knowledge: Pick<ModelKnowledge, 'findings'> | undefined,
  { now, trusted }: { readonly now: Date; readonly trusted: boolean },
): ModelTooltip {
  const { verdict, text, reached, activity } = entry;
  const isKnown = verdict !== 'not-scanned';
  const isSuspect = verdict === 'likely' || verdict === 'possibly';
  return {
    icon: pictureOf(entry).icon,
    verdict: sentence(text),
    evidence: evidenceOf(text, knowledge?.findings ?? []),
    advice: advice[verdict],
    remarks: [
      ...(reached === undefined ? [] : [`Scanned: ${whenText(new Date(reached), now)}`]),
      ...(activity === undefined ? [] : [activityText(activity)]),
    ],
    links: [...(isKnown ? [report] : []), ...(isSuspect && trusted ? [purify] : []), ...(activity ? [] : [scan])],
  };
}

/** The worst findings, without what the verdict says already. */
function evidenceOf(verdict: string, findings: readonly Finding[]): string[] {
  const grave = findings.filter((finding) => judgedSeverity(finding) !== 'information');
  const rank = (finding: Finding): number => severities.indexOf(judgedSeverity(finding));
  const told = [...grave].sort((a, b) => rank(a) - rank(b)).map(({ message }) => withoutVerdict(message, verdict));
  const more = told.length - toldFindings;
  return [...told.slice(0, toldFindings), ...(more > 0 ? [`And ${more} more, in the report.`] : [])];
}

/** `Likely backdoored toward class 1: estimated ASR ...` says the verdict once more. */
function withoutVerdict(message: string, verdict: string): string {
  const head = `${verdict}: `;
  return sentence(message.toLowerCase().startsWith(head.toLowerCase()) ? message.slice(head.length) : message);
}
