import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// The package's main entry registers kernels' names but not their gradients.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BackendError } from './backendError';
import { loadTensorFlow } from './tensorflow';
import { GraphnadBackend } from './engine/graphnadBackend';
import { registerKernels } from './engine/registerKernels';

/** What may run the numerics; `auto` takes the first that works: TensorFlow, WebAssembly, plain JavaScript. */
export type Backend = 'graphnad' | 'tensorflow' | 'wasm' | 'cpu';

/**
 * The backends that come with us. Their packages register themselves when loaded, but bundlers leave a package out that
 * is imported for that alone, so they are named here.
 */
const embedded = { graphnad: GraphnadBackend, cpu: MathBackendCPU, wasm: BackendWasm };

tf.registerBackend('graphnad', () => new GraphnadBackend());
registerKernels();

/** Modules are looked up from here at run time, so that the bundler does not try to include optional ones. */
const requireAtRunTime = createRequire(__filename);

/**
 * Chooses what runs the numerics in this process and waits until it is ready. Calling it again with the same
 * choice changes nothing.
 *
 * @param choice `auto` prefers TensorFlow where its package is installed, then WebAssembly, then plain JavaScript
 * @returns the name of the backend in use
 * @throws BackendError when a backend named explicitly cannot be used
 */
export async function selectBackend(choice: 'auto' | Backend): Promise<Backend> {
  // tfjs greets and warns on the console unless told that this is production; stdout belongs to our protocols.
  tf.env().set('PROD', true);
  if (choice !== 'auto') {
    await start(choice);
    return choice;
  }
  for (const backend of ['tensorflow', 'wasm'] as const) {
    try {
      await start(backend);
      return backend;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
    }
  }
  await start('cpu');
  return 'cpu';
}

async function start(backend: Backend): Promise<void> {
  if (isRunning(backend)) return;
  if (backend === 'tensorflow') loadTensorFlow();
  if (backend === 'wasm') prepareWasm();
  const restoreHandlers = keepProcessHandlers();
  let started: boolean;
  try {
    started = await tf.setBackend(backend);
  } catch (error) {
    throw new BackendError(backend, error instanceof Error ? error.message : String(error));
  } finally {
    restoreHandlers();
  }
  if (!started || !isRunning(backend)) throw new BackendError(backend, 'it failed to start');
}

function isRunning(backend: Backend): boolean {
  return tf.getBackend() === backend && (backend === 'tensorflow' || tf.backend() instanceof embedded[backend]);
}

/**
 * The loader of the WebAssembly binary installs handlers of its own that throw every uncaught error again. What happens
 * then is for the program to decide, not for a library: they are taken off.
 *
 * @returns takes off the handlers that were installed since
 */
function keepProcessHandlers(): () => void {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set(process.rawListeners(event)));
  return () => {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i].has(listener)) process.removeListener(event, listener as (...args: unknown[]) => void);
      }
    });
  };
}

let wasmPrepared = false;

function prepareWasm(): void {
  if (wasmPrepared) return;
  // One thread: sums must be added in the same order on every machine to give the same bytes.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(`${wasmFolder()}${path.sep}`);
  wasmPrepared = true;
}

/** The binaries lie beside the bundle; when running from sources, in the package. */
function wasmFolder(): string {
  const isHere = (folder: string): boolean => existsSync(path.join(folder, 'tfjs-backend-wasm-simd.wasm'));
  if (isHere(__dirname)) return __dirname;
  try {
    const folder = path.dirname(requireAtRunTime.resolve('@tensorflow/tfjs-backend-wasm'));
    if (isHere(folder)) return folder;
  } catch {
    // Not installed: the bundle stands alone, and its binaries are missing.
  }
  throw new BackendError('wasm', `tfjs-backend-wasm-simd.wasm is missing from ${__dirname}`);
}
