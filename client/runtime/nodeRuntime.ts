import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** A Node.js executable that answered. */
export interface NodeRuntime {
  readonly path: string;
  /** Such as `22.11.0`. */
  readonly version: string;
}

/** An executable that cannot run the server. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';

  constructor(
    readonly path: string,
    /** As a clause that follows the path: "does not exist". */
    readonly reason: string,
  ) {
    super(`${path} ${reason}`);
  }
}

/** The oldest Node.js that runs the server, as in the manifest. */
const oldest = [20, 19] as const;
/** The first that TensorFlow for Node.js, release 4.22, does not run on. */
const firstWithoutTensorFlow = 23;

const answerTimeout = 10_000;
const question = 'process.stdout.write("node " + process.versions.node)';

/**
 * Makes sure that a path names a Node.js that runs the server, by asking it for its version.
 *
 * @throws RuntimeError
 */
export async function readNodeRuntime(file: string): Promise<NodeRuntime> {
  if (!path.isAbsolute(file)) throw new RuntimeError(file, 'is not an absolute path');
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new RuntimeError(file, error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.message})`);
  });
  if (found.isDirectory()) throw new RuntimeError(file, 'is a folder, not an executable file');
  await access(file, constants.X_OK).catch(() => {
    throw new RuntimeError(file, 'is not executable');
  });
  return judgeRuntime(file, await ask(file));
}

/** @param answer what the program printed when it was asked for its version. @throws RuntimeError */
export function judgeRuntime(file: string, answer: string): NodeRuntime {
  const version = /^node (\d+\.\d+\.\d+)/.exec(answer)?.[1];
  if (version === undefined) throw new RuntimeError(file, 'is not Node.js: it does not tell its version');
  if (isOlder(version)) {
    throw new RuntimeError(file, `is Node.js ${version}, and ${oldest.join('.')} or later is needed`);
  }
  return { path: file, version };
}

/** Whether TensorFlow for Node.js runs on this version. */
export function runsTensorFlow({ version }: Pick<NodeRuntime, 'version'>): boolean {
  return !isOlder(version) && Number(version.split('.')[0]) < firstWithoutTensorFlow;
}

/** The first Node.js on a search path that TensorFlow for Node.js runs on. @param searchPath value of `PATH` */
export async function findNodeForTensorFlow(searchPath = process.env.PATH ?? ''): Promise<NodeRuntime | undefined> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const runtime = await readNodeRuntime(path.join(folder, name)).catch(() => undefined);
    if (runtime && runsTensorFlow(runtime)) return runtime;
  }
  return undefined;
}

function isOlder(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

/** @returns what the program prints; whatever it is, it is not ours when it fails or takes too long */
function ask(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      file,
      ['-e', question],
      { timeout: answerTimeout, killSignal: 'SIGKILL', env: plainEnvironment() },
      (_error, stdout) => resolve(stdout),
    );
  });
}

/** Nothing that makes Node.js do more than asked, such as waiting for a debugger. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  return env;
}
