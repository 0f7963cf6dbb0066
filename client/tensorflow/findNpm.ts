import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** How npm is started: a program and its first arguments. */
export type NpmCommand = readonly [program: string, ...args: string[]];

/**
 * Finds the user's npm and how to run it on a given Node.js, so that what it builds fits that one: the one installed
 * with it, else the one on the search path.
 *
 * @param node path of the Node.js executable
 * @param searchPath value of `PATH`
 */
export function findNpm(node: string, searchPath = process.env.PATH ?? ''): NpmCommand | undefined {
  const folders = [path.dirname(node), path.dirname(realpathSync(node)), ...searchPath.split(path.delimiter)];
  for (const folder of folders.filter(Boolean)) {
    const script = npmScripts(folder).find((file) => existsSync(file));
    if (script !== undefined) return [node, script];
  }
  return undefined;
}

/** Where the script of npm lies as seen from a folder of programs: on Windows, and on other systems. */
function npmScripts(folder: string): string[] {
  const script = path.join('npm', 'bin', 'npm-cli.js');
  return [
    path.join(folder, 'node_modules', script),
    path.join(folder, '..', 'lib', 'node_modules', script),
    path.join(folder, '..', 'share', 'nodejs', script),
  ];
}
