import { judgedSeverity, type Finding } from '../../../protocol/findings';
import { plural } from '../../../protocol/numberText';
import type { BackdoorEvidence, ScanReport } from '../../../protocol/reports';
import { architectureText } from './architectureText';
import { evidenceText } from './evidenceText';
import { classText, missedModels } from './modelVerdict';
import { visible } from './visible';

/** Where nothing was read but code. */
const unknownFormat = 'unknown';

const marks = { error: '(x)', warning: '(!)', information: '(i)' } as const;

/** A report in words, and where in it its findings stand. */
export interface AnchoredText {
  readonly text: string;
  /** Line, counted from 0, at which each finding begins, in their order; its details follow, a line each. */
  readonly findingLines: readonly number[];
}

/** The whole of a scan in words: the virtual report in the editor, and `graphnad scan` on a terminal. */
export function scanReportText(report: ScanReport): string {
  return anchoredScanReport(report).text;
}

/** How files and folders are called in a text; by their whole paths by default. */
export type NameOf = (file: string) => string;
const wholePath: NameOf = (file) => file;

/** As {@link scanReportText}, with the places of the findings. */
export function anchoredScanReport(report: ScanReport, nameOf = wholePath): AnchoredText {
  return anchored(head(report, nameOf), report.findings, [
    ...codeText(report),
    verdictText(report),
    ...evidenceSection(report),
    ...notesSection(report),
    settingsText(report, nameOf),
    ...(report.cached ? [cachedText(report.cached)] : []),
  ]);
}

/** What is known of a file that no report could be made of. */
export function anchoredFindings(file: string, findings: readonly Finding[], nameOf = wholePath): AnchoredText {
  return anchored(visible(nameOf(file)), findings, []);
}

function anchored(head: string, findings: readonly Finding[], others: readonly string[]): AnchoredText {
  const findingLines: number[] = [];
  const sections = [head];
  let line = lineCount(head) + 1;
  for (const text of findings.map(findingText)) {
    findingLines.push(line);
    sections.push(text);
    line += lineCount(text) + 1;
  }
  return { text: `${[...sections, ...others].join('\n\n')}\n`, findingLines };
}

function lineCount(text: string): number {
  return text.split('\n').length;
}

/** A finding with its evidence, each in a line, indented below it. */
export function findingText(finding: Finding): string {
  return [
    `${marks[finding.severity]} ${visible(finding.message)}  ${finding.code}`,
    ...finding.details.map((detail) => `    ${visible(detail)}`),
  ].join('\n');
}

function head(report: ScanReport, nameOf: NameOf): string {
  const facts = [report.format, plural(report.bytes, 'byte'), `sha256 ${report.sha256}`];
  return [
    visible(nameOf(report.file)),
    facts.filter((fact) => fact !== unknownFormat).join(', '),
    ...(report.architecture ? [`Recognised as ${architectureText(report.architecture)}`] : []),
  ].join('\n');
}

/** What was looked for and not found is said, too; nothing where findings say more, or the code could not be followed. */
function codeText({ findings }: ScanReport): string[] {
  if (findings.some(({ code }) => code.startsWith('GN1') || code === 'GN901')) return [];
  return ['Code: loading the file imports and calls nothing but what is known to be harmless.'];
}

function verdictText(report: ScanReport): string {
  const { backdoor } = report;
  switch (backdoor.kind) {
    case 'likely': {
      const certain = report.findings.some(
        (finding) => finding.code === 'GN201' && judgedSeverity(finding) === 'error',
      );
      const target = classText(backdoor.evidence.target, report.targetName);
      return `Verdict: ${certain ? 'likely' : 'possibly'} backdoored toward ${target}.`;
    }
    case 'no-sign':
      return (
        'Verdict: no sign of a backdoor found' +
        `${scannedGraphs(report, backdoor.evidence)}.` +
        ` This is not a proof that there is none${missedText(backdoor.evidence)}.`
      );
    case 'not-assessed':
      return `Verdict: not assessed for backdoors: ${visible(backdoor.reason)}.`;
  }
}

function missedText(evidence: BackdoorEvidence): string {
  const missed = missedModels(evidence);
  return missed === undefined ? '' : `: such scans missed ${missed}`;
}

function scannedGraphs({ settings }: ScanReport, { syntheticGraphs }: BackdoorEvidence): string {
  if (syntheticGraphs !== undefined) return ` (scan of ${plural(syntheticGraphs, 'made-up graph')})`;
  return settings.cleanGraphs === undefined ? '' : ` (scan of ${plural(settings.cleanGraphs, 'clean graph')})`;
}

function evidenceSection({ backdoor }: ScanReport): string[] {
  if (backdoor.evidence === undefined) return [];
  const text = evidenceText(backdoor.evidence);
  return [backdoor.kind === 'not-assessed' ? `Seen all the same, though no verdict rests on it:\n${text}` : text];
}

/** What the rest stands on, behind it: what was recognised by which names, assumed and settled. */
function notesSection({ architectureNotes }: ScanReport): string[] {
  return architectureNotes.length === 0 ? [] : [architectureNotes.map((note) => `Note: ${visible(note)}`).join('\n')];
}

/** Last of all, so that findings stand in the same lines whether they were computed now or not. */
function cachedText({ computed }: NonNullable<ScanReport['cached']>): string {
  const date = computed.replace(/^(\S+)T(\d+:\d+).*$/, '$1 at $2 UTC');
  return `Not computed now: this is the result of ${date} for the same content of the file and the data, and the same settings.`;
}

function settingsText({ settings }: ScanReport, nameOf: NameOf): string {
  const parts = [
    `seed ${settings.seed}`,
    ...(settings.data === undefined ? [] : [`data ${visible(nameOf(settings.data))}`]),
    ...(settings.features === undefined ? [] : [`features ${settings.features}`]),
    ...(settings.dataHash === undefined ? [] : [`data sha256 ${settings.dataHash}`]),
    `backend ${settings.backend}`,
  ];
  return `Settings: ${parts.join(', ')}`;
}
