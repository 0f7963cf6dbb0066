/** Runs a Mocha bundle inside a desktop VS Code, downloaded where it is not there yet. */
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mustRun, runCommand } from '../../../scripts/lib/command';
import { hostFolder } from '../../../scripts/lib/paths';
import type { SuiteResults } from '../results';
import { type HostedSuite, runHosted } from './hostedSuite';

/**
 * Runs the suite in the VS Code version named by `GRAPHNAD_VSCODE_VERSION` (default: the newest stable one).
 *
 * @throws where VS Code cannot be had or started, the time limit passes, or results are missing or contradictory
 */
export function runOnDesktop(suite: HostedSuite): Promise<SuiteResults> {
  return runHosted(suite, async () => {
    const code = await downloadAndUnzipVSCode({
      version: process.env.GRAPHNAD_VSCODE_VERSION ?? 'stable',
      cachePath: hostFolder,
    });
    // A short path: the sockets inside a profile may not exceed 103 characters.
    const profile = await mkdtemp(path.join(tmpdir(), 'gn-'));
    const args = [
      suite.workspace,
      `--extensionDevelopmentPath=${suite.extension}`,
      `--extensionTestsPath=${suite.tests}`,
      `--user-data-dir=${profile}`,
      `--extensions-dir=${path.join(profile, 'extensions')}`,
      '--no-sandbox',
      '--disable-gpu-sandbox',
      '--disable-updates',
      '--skip-welcome',
      '--skip-release-notes',
      '--disable-workspace-trust',
    ];
    const [command, ...prefix] = [...(await display()), code];
    try {
      const { code: exitCode, timedOut } = await runCommand(command, [...prefix, ...args], {
        env: withoutEditor({ ...process.env, GRAPHNAD_RESULTS: suite.results }),
        timeLimit: suite.timeLimit,
      });
      if (timedOut) throw new Error(`no end after ${suite.timeLimit / 1000} s`);
      return exitCode;
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
    }
  });
}

/** What to put before the command so that it has a screen. */
async function display(): Promise<string[]> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  try {
    await mustRun('xvfb-run', ['--help']);
  } catch {
    throw new Error('VS Code needs a screen: set DISPLAY or install xvfb (on Debian: apt-get install xvfb)');
  }
  return ['xvfb-run', '--auto-servernum'];
}

/** An enclosing editor must not lend its settings to the one under test. */
function withoutEditor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name)));
}
