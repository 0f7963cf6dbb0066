/** A running code-server with a profile of its own. */
import { spawn } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { access, cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endGrace, killGroup, mustRun, stopWithUs } from '../../../scripts/lib/command';
import type { CodeServerInstallation } from './installCodeServer';
import { installedOnce } from './installedExtension';

export interface CodeServerOptions {
  /** Packages (.vsix) to install before the start. */
  readonly extensions?: readonly string[];
  /** Those of the workbench's own extensions that it shall have, by their folders' names. Default: all. */
  readonly builtInExtensions?: readonly string[];
  /** User settings on top of the quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment on top of this process's; the extension host inherits it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lets a page drive the extension test runner. */
  readonly testDriver?: boolean;
  /** Whether it asks if a folder's authors are trusted, and opens it in Restricted Mode. Default false. */
  readonly workspaceTrust?: boolean;
  /** File that collects what code-server prints. */
  readonly log: string;
}

export interface CodeServer {
  /** `127.0.0.1:PORT`. */
  readonly authority: string;
  /** Its process, of which all others of the host descend. */
  readonly processId: number;
  /** Folder that holds all that it keeps, but what the browser does. */
  readonly profile: string;
  /** Ends the host with all its processes and removes its profile. */
  stop(): Promise<void>;
}

/** A profile in which nothing moves, asks or phones home by itself. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'window.commandCenter': false,
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
};
const startLimit = 60_000;

/**
 * Starts code-server on a free port of this machine and waits until it answers.
 *
 * @throws where it does not answer within a minute or ends before
 */
export async function startCodeServer(
  { node, entry }: CodeServerInstallation,
  options: CodeServerOptions,
): Promise<CodeServer> {
  const profile = await mkdtemp(path.join(tmpdir(), 'graphnad-host-'));
  const removeProfile = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  process.once('exit', removeProfile);
  const env = hostEnvironment(profile, options.env);
  const common = [entry, ...['--config', path.join(profile, 'code-server.yaml')], ...['--user-data-dir', profile]];
  const extensions = path.join(profile, 'extensions');
  const settingsFile = path.join(profile, 'User', 'settings.json');
  await mkdir(path.dirname(settingsFile), { recursive: true });
  // A pre-existing file keeps code-server from writing one with a password into it.
  await writeFile(path.join(profile, 'code-server.yaml'), 'auth: none\n');
  const trust = { 'security.workspace.trust.enabled': options.workspaceTrust === true };
  await writeFile(settingsFile, JSON.stringify({ ...quietSettings, ...trust, ...options.settings }, null, 2));
  for (const extension of options.extensions ?? []) {
    const installed = await installedOnce(extension, async (folder) => {
      const install = ['--extensions-dir', folder, '--install-extension', extension];
      await mustRun(node, [...common, ...install], { env, timeLimit: startLimit });
    });
    await cp(installed, extensions, { recursive: true });
  }

  const builtIn = path.join(profile, 'built-in');
  if (options.builtInExtensions) await linkBuiltIn(entry, options.builtInExtensions, builtIn);

  await mkdir(path.dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log);
  const child = spawn(
    node,
    [
      ...common,
      ...['--extensions-dir', extensions],
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0'],
      '--disable-telemetry',
      '--disable-update-check',
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      '--disable-getting-started-override',
      ...(options.builtInExtensions ? ['--vscode-option', `builtin-extensions-dir=${builtIn}`] : []),
      ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { cwd: profile, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  stopWithUs(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), endGrace);
    await ended;
    clearTimeout(timer);
    // The extension host outlives its server for a moment.
    killGroup(child, 'SIGKILL');
    log.end();
    process.off('exit', removeProfile);
    removeProfile();
  };
  try {
    const authority = await new Promise<string>((resolve, reject) => {
      let printed = '';
      const read = (chunk: Buffer): void => {
        log.write(chunk);
        printed += chunk.toString();
        const address = /HTTP server listening on http:\/\/([\d.]+:\d+)/.exec(printed);
        if (address) resolve(address[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`code-server ended with exit code ${code}: ${printed}`)));
      setTimeout(() => reject(new Error(`code-server did not start within a minute: ${printed}`)), startLimit).unref();
    });
    await untilHealthy(authority);
    return { authority, processId: child.pid ?? 0, profile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function linkBuiltIn(entry: string, names: readonly string[], folder: string): Promise<void> {
  await mkdir(folder);
  const all = path.resolve(path.dirname(entry), '..', '..', 'lib', 'vscode', 'extensions');
  for (const name of names) {
    // A link to nothing would only be a window without it.
    await access(path.join(all, name, 'package.json'));
    await symlink(path.join(all, name), path.join(folder, name));
  }
}

/** Ours without the settings of an enclosing editor, and with a home folder that is thrown away. */
function hostEnvironment(profile: string, extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|NODE_OPTIONS$|PASSWORD$|HASHED_PASSWORD$|PORT$|ELECTRON_)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    HOME: profile,
    XDG_DATA_HOME: path.join(profile, 'data'),
    XDG_CONFIG_HOME: path.join(profile, 'config'),
    // No marketplace: nothing is looked up or fetched.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...extra,
  };
}

async function untilHealthy(authority: string): Promise<void> {
  const deadline = Date.now() + startLimit;
  for (;;) {
    const answer = await fetch(`http://${authority}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('code-server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
