import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { BackendError } from './backendError';
import {
  gpuMissing,
  loadProblem,
  missingLibraries,
  notInstalled,
  versionProblem,
  type TensorFlowPackage,
} from './tensorflowProblem';

/** Names a folder whose `node_modules` holds a TensorFlow package; the extension installs it there. */
export const folderVariable = 'GRAPHNAD_TENSORFLOW';

/** Optional peers that register the backend `tensorflow`, best first. */
const packageNames = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

let loaded: readonly string[] | undefined;

/**
 * Loads TensorFlow for Node.js where the user installed it; it registers the backend `tensorflow` by itself.
 *
 * @param folders where it is looked for: in their `node_modules` and those above them
 * @throws BackendError when no package is there, or the one that is cannot run here
 */
export function loadTensorFlow(folders: readonly string[] = searchFolders()): void {
  if (loaded) return;
  const installed = findPackages(folders);
  if (installed.length === 0) throw new BackendError('tensorflow', notInstalled(process.platform, folders));
  const problems: string[] = [];
  for (const candidate of installed) {
    const problem = load(candidate);
    if (problem === undefined) {
      loaded = [...problems.map((text) => `${text}; ${candidate.name} is used instead`), ...deviceNotes(candidate)];
      return;
    }
    problems.push(problem);
  }
  throw new BackendError('tensorflow', problems.join('; '));
}

/** What the user should know about TensorFlow as it runs here, such as that it found no GPU; empty before it is loaded. */
export function tensorFlowNotes(): readonly string[] {
  return loaded ?? [];
}

/** @returns what is wrong with it; undefined once it is loaded */
function load(found: TensorFlowPackage): string | undefined {
  const problem = versionProblem(found, process.versions.node);
  if (problem !== undefined) return problem;
  // Its native part reads these when it is loaded. It logs its start-up otherwise, and adds in any order on GPUs.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_DETERMINISTIC_OPS ??= '1';
  try {
    // At run time, so that the bundler does not look for it.
    createRequire(found.from)(found.name);
  } catch (error) {
    return loadProblem(found, error, process.version);
  }
  return undefined;
}

function deviceNotes(found: TensorFlowPackage): string[] {
  const backend = tf.engine().findBackend('tensorflow') as { readonly isUsingGpuDevice?: boolean };
  if (!found.name.endsWith('-gpu') || backend.isUsingGpuDevice === true) return [];
  return [gpuMissing(process.platform, missingLibraries(process.platform, canOpen))];
}

/** Whether the system's loader finds a shared library, by name. */
function canOpen(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    // It was found and is, of course, no addon of Node.js.
    return error instanceof Error && /did not self-register/.test(error.message);
  }
}

/** The packages that are installed, best first. */
function findPackages(folders: readonly string[]): TensorFlowPackage[] {
  return packageNames.flatMap((name) => {
    for (const folder of folders) {
      const from = path.join(folder, 'any.js');
      try {
        const { version } = createRequire(from)(`${name}/package.json`) as { readonly version: string };
        return [{ name, version, from }];
      } catch {
        // Not there: the next folder.
      }
    }
    return [];
  });
}

/**
 * The folder that is named, this program's, and that of globally installed packages. Never the folder that is worked
 * in: it may come from the stranger whose model is looked at, and a package is a program.
 */
function searchFolders(): string[] {
  const named = process.env[folderVariable];
  const prefix = path.dirname(process.execPath);
  const { APPDATA } = process.env;
  const global =
    process.platform === 'win32'
      ? [prefix, ...(APPDATA === undefined ? [] : [path.join(APPDATA, 'npm')])]
      : [path.join(prefix, '..', 'lib')];
  return [...(named === undefined || named === '' ? [] : [path.resolve(named)]), __dirname, ...global];
}
