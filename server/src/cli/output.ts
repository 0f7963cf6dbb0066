import process from 'node:process';
import { percent } from '../../../protocol/numberText';
import type { JobProgress } from '../../../protocol/reports';
import { visible } from '../report/visible';

/** What was asked for, on standard output. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/**
 * Goes on where nobody reads what is written any more, as behind `| head`: the work is not done for the terminal alone,
 * and its exit code says what came of it. Where standard output cannot be written for another reason, as to a full disk,
 * that is said, and the process does not end with 0.
 *
 * @param failed the exit code then, unless there is a graver one
 */
export function outliveReaders(failed: number): void {
  let lost = false;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || lost) return;
    lost = true;
    process.once('exit', () => {
      process.exitCode ||= failed;
    });
    say(`graphnad: the result could not be written to standard output: ${message}`);
  });
  // There is nowhere left to tell it.
  process.stderr.on('error', () => undefined);
}

/** Writes the one JSON document of a command to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line for people, on standard error so that standard output stays machine-readable. */
export function say(text: string): void {
  showLive([]);
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** How many lines of the terminal are to be written over. */
let liveLines = 0;

/** Writes lines at the foot of a terminal, over those that were written there before. Whatever is said removes them. */
export function showLive(lines: readonly string[]): void {
  const up = liveLines === 0 ? '' : `\x1b[${liveLines}A\r\x1b[J`;
  liveLines = lines.length;
  const text = up + lines.map((line) => `${line}\n`).join('');
  if (text !== '') process.stderr.write(text);
}

/** A share as a percentage with one decimal, or a dash where there is none. */
export function shareText(share: number | undefined): string {
  return share === undefined ? '-' : percent(share, 1);
}

/**
 * Shows progress as one line that is written over; nothing where standard error is no terminal.
 * `done` takes the line away.
 */
export function progressLine(subject: string): { update: (progress: JobProgress) => void; done: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { update: () => undefined, done: () => undefined };
  return {
    update: ({ stage, epoch, epochs, fraction }) => {
      const epochText = epoch === undefined ? '' : `, epoch ${epoch}${epochs === undefined ? '' : ` of ${epochs}`}`;
      const line = `${visible(subject)}: ${stage}${epochText}, ${Math.round(100 * fraction)}%`;
      showLive([line.slice(0, Math.max(20, stderr.columns - 1))]);
    },
    done: () => showLive([]),
  };
}
