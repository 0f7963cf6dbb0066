import process from 'node:process';
import { visible } from '../report/visible';
import { say, showLive } from './output';

/** How far a command is that does many jobs. */
export interface RunState {
  /** What is counted, such as `models`. */
  readonly unit: string;
  /** Those that failed among them. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** How many a minute; absent before the first. */
  readonly rate?: number;
  readonly secondsLeft?: number;
  readonly running: readonly RunningJob[];
}

export interface RunningJob {
  readonly name: string;
  /** What it does at the moment, where it says so. */
  readonly stage?: string;
  /** Share of the job that is done, in [0, 1]. */
  readonly fraction?: number;
}

/** Rows of running jobs: a table that fills the screen would push away what was said before. */
const mostRows = 10;
/** Least milliseconds between two drawings. */
const drawInterval = 100;
/** Least milliseconds between two lines where standard error is no terminal. */
const lineInterval = 60_000;

const wide = /[\u1100-\u115f\u2e80-\u{10ffff}]/u;

/** Shows how far a run is: a few lines of a terminal, drawn in place; elsewhere a line a minute at most. */
export class ProgressTable {
  private last = process.stderr.isTTY ? -Infinity : performance.now();

  /** @param look says how far it is; asked only when it is time to draw */
  update(look: () => RunState): void {
    const { isTTY, columns, rows } = process.stderr;
    const now = performance.now();
    if (now - this.last < (isTTY ? drawInterval : lineInterval)) return;
    this.last = now;
    const state = look();
    if (isTTY) showLive(tableLines(state, columns, rows));
    else say(`graphnad: ${stateText(state)}`);
  }

  /** Takes the table away. */
  done(): void {
    showLive([]);
  }
}

/**
 * The table, in lines that are narrower than the terminal.
 *
 * @param rows lines of the terminal, of which one at least stays free
 */
export function tableLines(state: RunState, columns = 80, rows = 24): string[] {
  const width = Math.max(20, columns - 1);
  const { running } = state;
  const room = Math.max(0, Math.min(mostRows, rows - 2));
  const shown = running.length <= room ? running : running.slice(0, Math.max(0, room - 1));
  const says = shown.map(({ stage, fraction }) => ({
    stage: visible(stage ?? ''),
    percent: fraction === undefined ? '' : `${Math.round(100 * fraction)}%`,
  }));
  const stageWidth = Math.min(widest(says.map(({ stage }) => stage)), Math.floor(width / 3));
  const percentWidth = widest(says.map(({ percent }) => percent));
  const names = shown.map(({ name }) => visible(name));
  const nameWidth = Math.min(widest(names), width - stageWidth - percentWidth - 6);
  const lines = says.map(({ stage, percent }, i) => {
    const name = padded(shortened(names[i], nameWidth, 'start'), nameWidth);
    const line = `  ${name}  ${padded(shortened(stage, stageWidth, 'end'), stageWidth)}  ${percent.padStart(percentWidth)}`;
    return line.trimEnd();
  });
  const hidden = running.length - shown.length;
  if (hidden > 0 && room > 0) lines.push(`  and ${hidden} more`);
  return [shortened(stateText(state), width, 'end'), ...lines];
}

/** Such as `12 of 96 models, 1 failed, 2 running, 3.4 a minute, 25 min left`. */
export function stateText({ unit, done, total, failed, running, rate, secondsLeft }: RunState): string {
  return [
    `${done} of ${total} ${unit}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${running.length} running`,
    ...(rate === undefined ? [] : [`${rate < 10 ? rate.toPrecision(2) : Math.round(rate)} a minute`]),
    ...(secondsLeft === undefined ? [] : [`${durationText(secondsLeft)} left`]),
  ].join(', ');
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** Cuts text to a width. Of a path, the end tells more. */
function shortened(text: string, width: number, cut: 'start' | 'end'): string {
  if (widthOf(text) <= width) return text;
  const characters = cut === 'start' ? [...text].reverse() : [...text];
  let left = width - 1;
  const kept = characters.slice(
    0,
    characters.findIndex((character) => (left -= widthOf(character)) < 0),
  );
  return cut === 'start' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}

/** Columns that text takes, at most: characters of East Asian scripts and emoji take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}
