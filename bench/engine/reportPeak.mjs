/**
 * Prints the largest resident sets of a Node.js process and of the processes that it starts, added up, in kilobytes,
 * when it ends: `node --import .../reportPeak.mjs PROGRAM`, on Linux.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Kilobytes of each process seen, by its id. */
const peaks = new Map();

/** The kernel keeps the largest value itself, so only what a process takes in its last moments is missed. */
function look() {
  const threads = readdirSync('/proc/self/task');
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  for (const id of ['self', ...children]) {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
      if (kilobytes !== undefined) peaks.set(id, Number(kilobytes));
    } catch {
      // It ended in between.
    }
  }
}

setInterval(look, 50).unref();
process.on('exit', () => {
  look();
  const sum = [...peaks.values()].reduce((total, kilobytes) => total + kilobytes, 0);
  process.stderr.write(`peak-rss ${sum}\n`);
});
