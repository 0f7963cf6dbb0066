/** How the Models view says what is known of a model. Never by colour or icon alone. */
import type { ModelEntry, ModelVerdict } from '../../protocol/models';
import { plural } from '../../protocol/numberText';
import { isFlagged, type ModelCounts } from './modelTree';

export interface Picture {
  /** Codicon. */
  readonly icon: string;
  /** Colour of the theme; that of the text where absent. */
  readonly colour?: string;
}

const [red, yellow, blue] = ['Error', 'Warning', 'Info'].map((level) => `problems${level}Icon.foreground`);

/** No verdict is green: finding nothing is no proof. */
const pictures: Readonly<Record<ModelVerdict, Picture>> = {
  dangerous: { icon: 'error', colour: red },
  likely: { icon: 'workspace-untrusted', colour: red },
  possibly: { icon: 'warning', colour: yellow },
  suspicious: { icon: 'warning', colour: yellow },
  'not-assessed': { icon: 'workspace-unknown', colour: blue },
  'no-sign': { icon: 'shield' },
  'not-scanned': { icon: 'circle-large-outline' },
};

/** A model that is being scanned turns, unless it is known to be bad already. */
export function pictureOf(entry: ModelEntry): Picture {
  if (isFlagged(entry) || entry.activity === undefined) return pictures[entry.verdict];
  return { icon: entry.activity === 'scanning' ? 'sync~spin' : 'watch' };
}

const activities = {
  scanning: 'Scanning',
  queued: 'Waiting to be scanned',
  'in-queue': 'Waiting in the queue',
  'no-worker': 'No worker is connected',
} as const;

/** `Likely backdoored toward class 1 · 14:05`. @param now decides whether the time or the day is said */
export function descriptionOf(entry: ModelEntry, now: Date): string {
  const { text, reached, activity } = entry;
  const verdict = sentence(text);
  if (activity !== undefined) {
    return isFlagged(entry) ? `${verdict} · ${activities[activity].toLowerCase()}` : activities[activity];
  }
  return reached === undefined ? verdict : `${verdict} · ${whenText(new Date(reached), now)}`;
}

/** With a capital at its head. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function activityText(activity: NonNullable<ModelEntry['activity']>): string {
  return activities[activity];
}

/** `12 models, 2 flagged` */
export function countsText({ models, flagged }: ModelCounts): string {
  const all = plural(models, 'model');
  return flagged === 0 ? all : `${all}, ${flagged} flagged`;
}

/** The time for today, else the day. */
export function whenText(time: Date, now: Date): string {
  return time.toDateString() === now.toDateString()
    ? time.toLocaleTimeString(undefined, { timeStyle: 'short' })
    : time.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
