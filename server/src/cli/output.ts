import process from 'node:process';
import type { JobProgress } from '../../../protocol/reports';
import { percent } from '../report/numbers';
import { visible } from '../report/visible';

/** Writes the one JSON document of a command to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line for people, on standard error so that standard output stays machine-readable. */
export function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
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
      stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
    },
    done: () => stderr.write('\r\x1b[K'),
  };
}
