/** What of all findings the Problems pane lists, so that a thousand models do not bury the one that matters. */
import path from 'node:path';
import { severities, type Finding, type FindingCode, type Severity } from '../../../protocol/findings';

/** How findings with a code are listed; `off`: not at all. */
export type ListedSeverity = Severity | 'off';
export type SeverityRules = Readonly<Partial<Record<FindingCode, ListedSeverity>>>;

/** A model file's findings, and the rules of its workspace folder. */
export interface ModelFindings {
  /** Absolute path. */
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly rules: SeverityRules;
}

/** One line of the Problems pane. */
export interface Problem {
  /** Which of the file's findings it is. */
  readonly index: number;
  readonly severity: Severity;
  /** Other files of the same folder that this line speaks for, too: absolute paths. */
  readonly others: readonly string[];
  /** The others were not assessed for a reason of the same kind, not for the very same one. */
  readonly isMixed?: true;
  /** Number of findings for which there was no room, where this is the last line of all. */
  readonly omitted?: number;
}

export interface ChosenProblems {
  /** By absolute path of the file, in the order of its findings. */
  readonly listed: ReadonlyMap<string, readonly Problem[]>;
  /** Findings that are not listed: switched off, or for want of room. Those that another file's line speaks for are. */
  readonly unlisted: number;
}

/** From so many files of a folder on, what could not be assessed for one and the same reason is said once. */
const smallestGroup = 4;
/** The same for reasons of one kind, such as that an architecture is not known. */
const smallestMixedGroup = 10;

interface Candidate extends Problem {
  readonly file: string;
}

/**
 * Chooses what is listed.
 *
 * - A code's severity is the one its rules name; codes that are `off` are not listed.
 * - Models of one folder that were not assessed for the same reason are listed as one, and so are many that were not
 *   assessed for reasons of one kind.
 * - Of more than `limit` lines the worst stay, and the last of these says how many are missing.
 *
 * @param limit 0: no limit
 */
export function chooseProblems(models: readonly ModelFindings[], limit: number): ChosenProblems {
  const all = models.flatMap(candidates);
  const total = models.reduce((sum, { findings }) => sum + findings.length, 0);
  const grouped = withGroups(all, models);
  const room = limit > 0 ? worstFirst(grouped).slice(0, limit) : grouped;
  const omitted = grouped.length - room.length;
  const last = room.at(-1);
  const lines = omitted > 0 && last ? [...room.slice(0, -1), { ...last, omitted }] : room;
  return { listed: byFile(lines), unlisted: total - all.length + omitted };
}

function candidates({ file, findings, rules }: ModelFindings): Candidate[] {
  return findings.flatMap((finding, index) => {
    const severity = rules[finding.code] ?? finding.severity;
    return severity === 'off' ? [] : [{ file, index, severity, others: [] }];
  });
}

/** Puts what was not assessed for the same reason in the same folder on the line of the first file. */
function withGroups(all: readonly Candidate[], models: readonly ModelFindings[]): Candidate[] {
  const findings = new Map(models.map((model) => [model.file, model.findings]));
  const keyOf = ({ file, index, severity }: Candidate, isMixed: boolean): string | undefined => {
    const finding = findings.get(file)?.[index];
    if (!finding?.code.startsWith('GN9') || severity !== 'information') return undefined;
    return JSON.stringify([path.dirname(file), finding.code, isMixed ? '' : finding.message]);
  };
  const alike = joined(all, (line) => keyOf(line, false), smallestGroup, false);
  return joined(alike, (line) => keyOf(line, true), smallestMixedGroup, true);
}

/**
 * Makes one line of those with the same key, where there are `smallest` of them or more; it is that of the first file.
 *
 * @param keyOf undefined for lines that stay by themselves
 */
function joined(
  lines: readonly Candidate[],
  keyOf: (line: Candidate) => string | undefined,
  smallest: number,
  isMixed: boolean,
): Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = key === undefined ? undefined : groups.get(key);
    if (group) group.push(line);
    else if (key !== undefined) groups.set(key, [line]);
  }
  const joinedLines = new Map<Candidate, Candidate | undefined>();
  for (const group of [...groups.values()].filter(({ length }) => length >= smallest)) {
    const [first, ...others] = group.sort(byFileName);
    const files = [...first.others, ...others.flatMap((line) => [line.file, ...line.others])];
    joinedLines.set(first, { ...first, others: files.sort(), ...(isMixed ? { isMixed } : {}) });
    others.forEach((line) => joinedLines.set(line, undefined));
  }
  return lines.flatMap((line) => (joinedLines.has(line) ? (joinedLines.get(line) ?? []) : line));
}

function byFileName(a: Candidate, b: Candidate): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.index - b.index;
}

/** Stable within a severity, by path: news about one file do not shuffle the others. */
function worstFirst(lines: readonly Candidate[]): Candidate[] {
  const rank = ({ severity }: Candidate): number => severities.indexOf(severity);
  return [...lines].sort((a, b) => rank(a) - rank(b) || byFileName(a, b));
}

function byFile(lines: readonly Candidate[]): Map<string, Problem[]> {
  const listed = new Map<string, Problem[]>();
  for (const { file, ...problem } of lines) {
    const problems = listed.get(file);
    if (problems) problems.push(problem);
    else listed.set(file, [problem]);
  }
  for (const problems of listed.values()) problems.sort((a, b) => a.index - b.index);
  return listed;
}
