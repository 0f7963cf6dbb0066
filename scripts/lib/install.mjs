/** Brings `node_modules` in line with `package-lock.json`, using nothing but Node and npm. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean }} LockedPackage */

/**
 * Installs the locked packages where one of them is missing or has another version.
 *
 * @param {string} root folder of package.json
 * @throws where npm cannot be started or fails
 */
export function ensureDependencies(root) {
  const wrong = firstDifference(root);
  if (wrong === undefined) return;
  console.error(`Installing dependencies (${wrong}) ...`);
  const npm = npmCommand();
  const { status, error } = spawnSync(npm.command, [...npm.args, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    // Standard output belongs to what the caller prints.
    stdio: ['ignore', 2, 2],
    shell: npm.shell,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ci failed with exit code ${status}`);
}

/**
 * How to start npm: through the npm that started us, else from the PATH.
 *
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { command: process.execPath, args: [script], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * @param {string} root folder of package.json
 * @returns {string | undefined} what makes an installation necessary, in words
 */
export function firstDifference(root) {
  const locked = lockedPackages(path.join(root, 'package-lock.json'));
  if (!locked) throw new Error('package-lock.json is missing or unreadable');
  // npm writes this file last, so an interrupted installation has none.
  const installed = lockedPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'none are installed';
  for (const [name, wanted] of Object.entries(locked)) {
    if (name === '') continue;
    const found = installed[name];
    // Packages for other platforms are optional and rightly absent.
    if (!found && (wanted.optional || wanted.peer)) continue;
    if (!found) return `${name} is missing`;
    if (found.version !== wanted.version) return `${name} should be ${wanted.version}, is ${found.version}`;
  }
  return undefined;
}

/**
 * @param {string} file lock file in npm's format
 * @returns {Record<string, LockedPackage> | undefined} nothing where it cannot be read
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
