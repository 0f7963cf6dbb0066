/** Finds a browser of the Chromium family on this machine. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findProgram, isProgram } from '../../../scripts/lib/findProgram';

export interface Browser {
  readonly executable: string;
  /** What the browser needs on top of the usual environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Names on the PATH, best first. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];
/** Where Linux packages put browsers that are not on the PATH. */
const wellKnown = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/opt/microsoft/msedge/msedge',
];
const defaultCache = path.join(homedir(), '.cache');
/** Programs inside one of Playwright's browser folders. */
const programs = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-headless-shell-linux64/chrome-headless-shell',
  'chrome-linux/headless_shell',
];

/**
 * The browser to drive: `GRAPHNAD_CHROMIUM`, one on the PATH or in its usual place, or one that Playwright fetched.
 * `GRAPHNAD_CHROMIUM=fetch` answers as if there were none.
 *
 * @throws where `GRAPHNAD_CHROMIUM` names no program
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): Browser | undefined {
  const named = env.GRAPHNAD_CHROMIUM;
  if (named === 'fetch') return undefined;
  if (named) {
    if (!isProgram(named)) throw new Error(`GRAPHNAD_CHROMIUM is not a program: ${named}`);
    return { executable: named };
  }
  const cache = env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(env.XDG_CACHE_HOME ?? defaultCache, 'ms-playwright');
  const executable = findProgram(names, [...wellKnown, ...playwrightBrowsers(cache)], env.PATH);
  return executable === undefined ? undefined : { executable };
}

/** Browsers for Linux below a folder that Playwright filled, newest first. */
export function playwrightBrowsers(cache: string): string[] {
  let builds: string[];
  try {
    builds = readdirSync(cache);
  } catch {
    return [];
  }
  return builds
    .filter((build) => build.startsWith('chromium'))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((build) => programs.map((program) => path.join(cache, build, program)))
    .filter(isProgram);
}
