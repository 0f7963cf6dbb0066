import { readdirSync, readFileSync } from 'node:fs';

interface Entry {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * Processes that run a script, below another process. Linux alone, as is the browser host.
 *
 * @param script end of the script's path, such as `dist/server.js`
 */
export function processesBelow(ancestor: number, script: string): number[] {
  const entries = new Map(readdirSync('/proc').flatMap(readEntry));
  const isBelow = (entry: Entry | undefined): boolean =>
    entry !== undefined && (entry.parent === ancestor || isBelow(entries.get(entry.parent)));
  return [...entries.values()]
    .filter((entry) => entry.command.split('\0').some((word) => word.endsWith(script)) && isBelow(entry))
    .map(({ id }) => id);
}

/** Nothing for what is no process, or has just ended. */
function readEntry(name: string): [number, Entry][] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const id = Number(name);
    const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
    return [[id, { id, parent: Number(parent), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]];
  } catch {
    return [];
  }
}
