/** Findings about code that runs when a model file is loaded or run (GN101, GN102) and about malformed containers (GN103). */

import type { Finding, FindingPlace } from '../../../protocol/findings';
import type { ContainerAnomaly, PickleGlobal } from '../checkpoint/checkpoint';
import type { CodeMention } from '../checkpoint/code/codeMention';
import { printable } from '../checkpoint/pickle/displayValue';
import type { Classification, CodeSafety } from './codeSafety/classifyGlobal';
import { classifyGlobal } from './codeSafety/classifyGlobal';
import { classifyMention } from './codeSafety/classifyMention';

export type { CodeSafety } from './codeSafety/classifyGlobal';

/** What `inspectCode` found. `inspected` is false where the file's format is not known. */
export interface CodeEvidence {
  readonly globals: readonly PickleGlobal[];
  readonly anomalies: readonly ContainerAnomaly[];
  readonly mentions?: readonly CodeMention[];
  readonly inspected?: boolean;
}

/** Findings of one code shown one by one; more are counted. */
const shownFindings = 20;

/** Characters of a name. */
const shownLength = 120;

const advice =
  'Do not load this file with pickle, or with torch.load before PyTorch 2.6, unless weights_only=True is given.';

/**
 * The level of a whole file: `dangerous` where anything in it is, `safe` only where the file was understood completely
 * and all it imports is known to be harmless.
 */
export function codeSafetyVerdict({ globals, anomalies, mentions = [], inspected = true }: CodeEvidence): CodeSafety {
  const levels = [
    ...globals.map((one) => classifyGlobal(one).level),
    ...mentions.map((one) => classifyMention(one).level),
  ];
  if (levels.includes('dangerous')) return 'dangerous';
  return levels.includes('unknown') || anomalies.length > 0 || !inspected ? 'unknown' : 'safe';
}

/** GN101 for each dangerous call or import, GN102 for each unknown callable, GN103 for each kind of anomaly. */
export function codeSafetyFindings({ globals, anomalies, mentions = [] }: CodeEvidence): Finding[] {
  const classified = globals.map((global) => ({ global, ...classifyGlobal(global) }));
  const dangerous = classified.filter(({ level }) => level === 'dangerous');
  const unknown = classified.filter(({ level }) => level === 'unknown');
  const mentioned = grouped(mentions, describeMention).map(mentionFinding);
  const ofCode = (code: string) => mentioned.filter((finding) => finding.code === code);
  return [
    ...capped([...grouped(dangerous, ({ global }) => describeCall(global)).map(dangerousFinding), ...ofCode('GN101')]),
    ...capped([...grouped(unknown, ({ global }) => fullName(global)).map(unknownFinding), ...ofCode('GN102')]),
    ...capped(grouped(anomalies, ({ reason }) => reason).map(anomalyFinding)),
  ];
}

/** Whether a finding is about what a file runs when it is loaded, not about how its model behaves. */
export function isAboutCode({ code }: Finding): boolean {
  return code.startsWith('GN1');
}

interface ClassifiedGlobal extends Classification {
  readonly global: PickleGlobal;
}

function dangerousFinding(group: readonly ClassifiedGlobal[]): Finding {
  const [{ global, reason }] = group;
  const what = global.called ? `runs ${describeCall(global)}` : `imports ${fullName(global)}`;
  return {
    code: 'GN101',
    severity: 'error',
    message: `Loading this file ${what} ${describePlace(global)}${times(group.length)}`,
    details: [`${fullName(global)} ${reason}.`, advice],
    place: placeOf(global),
    subject: describeCall(global),
  };
}

function unknownFinding(group: readonly ClassifiedGlobal[]): Finding {
  const [{ global, reason }] = group;
  const called = group.some((item) => item.global.called);
  return {
    code: 'GN102',
    severity: 'warning',
    message:
      `Loading this file ${called ? 'calls' : 'imports'} ${fullName(global)} ${describePlace(global)}` +
      `${times(group.length)}, which is outside the known-safe list`,
    details: [
      `${fullName(global)} ${reason}.`,
      'torch.load(weights_only=True) refuses it; a file that holds only a state dict does not need it.',
    ],
    place: placeOf(global),
    subject: fullName(global),
  };
}

function mentionFinding(group: readonly CodeMention[]): Finding {
  const [mention] = group;
  const { level, reason, advice: ownAdvice } = classifyMention(mention);
  const isDangerous = level === 'dangerous';
  const place =
    mention.offset === undefined ? describeEntry(mention) : ` ${describePlace({ ...mention, offset: mention.offset })}`;
  return {
    code: isDangerous ? 'GN101' : 'GN102',
    severity: isDangerous ? 'error' : 'warning',
    message: `This model runs ${describeMention(mention)}${place}${times(group.length)}`,
    details: [`${shown(mention.name)} ${reason}.`, ownAdvice],
    place: { entry: mention.entry === '' ? undefined : mention.entry, offset: mention.offset },
    subject: describeMention(mention),
  };
}

function describeMention({ name, detail }: CodeMention): string {
  return detail === undefined ? shown(name) : `${shown(name)} (${shown(detail)})`;
}

function describeEntry({ entry }: CodeMention): string {
  return entry === '' ? '' : ` in ${shown(entry)}`;
}

function anomalyFinding(group: readonly ContainerAnomaly[]): Finding {
  const [{ entry, offset, reason, isUnread = false }] = group;
  const where = entry === undefined || entry === '' ? '' : `${shown(entry)}: `;
  const more = group.length > 1 ? ` (and ${group.length - 1} more like it)` : '';
  return {
    code: 'GN103',
    severity: isUnread ? 'warning' : 'error',
    message: `${isUnread ? 'Not looked into' : 'Malformed container'}: ${where}${printable(reason)}${more}`,
    details: [isUnread ? unreadAdvice : defectAdvice],
    place: { entry: entry === '' ? undefined : entry, offset },
    subject: printable(reason),
  };
}

const defectAdvice =
  'PyTorch writes no such file: it was damaged, or made so that loaders and scanners read it differently.';
const unreadAdvice = 'What is inside is not known, and may be anything: unpack it and scan what comes out.';

/** Items with the same key, in order of their first. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** The first findings of a code, the last of them with the number of those left out. */
function capped(findings: readonly Finding[]): Finding[] {
  const shown = findings.slice(0, shownFindings);
  const more = findings.length - shown.length;
  if (more > 0) {
    const last = shown[shown.length - 1];
    shown[shown.length - 1] = { ...last, details: [...last.details, `There are ${more} more findings of this kind.`] };
  }
  return shown;
}

/** Names from a file, escaped and cut to a length that fits a line. */
function shown(name: string): string {
  const text = printable(name.slice(0, shownLength));
  return name.length > shownLength ? `${text}...` : text;
}

function fullName({ module, name }: PickleGlobal): string {
  return shown(`${module}.${name}`);
}

/** As Python would write the call; without parentheses where nothing is called. */
function describeCall(global: PickleGlobal): string {
  return global.called ? `${fullName(global)}(${global.argumentsText ?? ''})` : fullName(global);
}

function describePlace({ entry, offset }: Pick<PickleGlobal, 'entry' | 'offset'>): string {
  const byte = `at byte ${offset.toLocaleString('en-US')}`;
  return entry === '' ? byte : `${byte} of ${shown(entry)}`;
}

function placeOf({ entry, offset }: PickleGlobal): FindingPlace {
  return entry === '' ? { offset } : { entry, offset };
}

function times(count: number): string {
  return count > 1 ? ` (${count} times)` : '';
}
