import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
// The package's main entry registers kernels' names but not their gradients.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { BackendError } from './backendError';
import { GraphnadBackend } from './engine/graphnadBackend';
import { registerKernels } from './engine/registerKernels';
import { loadTensorFlow } from './tensorflow';

/** What may run the numerics: our own engine, TensorFlow for Node.js, plain JavaScript. */
export type Backend = 'graphnad' | 'tensorflow' | 'cpu';

/**
 * The backends that come with us. The package of `cpu` registers itself when loaded, but bundlers leave a package out
 * that is imported for that alone, so it is named here.
 */
const embedded = { graphnad: GraphnadBackend, cpu: MathBackendCPU };

/**
 * Chooses what runs the numerics in this process and waits until it is ready. Calling it again with the same
 * choice changes nothing.
 *
 * @param choice `auto` takes our own engine, else plain JavaScript. TensorFlow is only ever used by name: its figures
 *   differ in their last digits, and installing a package should not change a result
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
  try {
    await start('graphnad');
    return 'graphnad';
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
  }
  await start('cpu');
  return 'cpu';
}

async function start(backend: Backend): Promise<void> {
  if (isRunning(backend)) return;
  if (backend === 'tensorflow') loadTensorFlow();
  if (backend === 'graphnad') startEngine();
  let started: boolean;
  try {
    started = await tf.setBackend(backend);
  } catch (error) {
    throw new BackendError(backend, reasonOf(error));
  }
  if (!started || !isRunning(backend)) throw new BackendError(backend, 'it failed to start');
}

function isRunning(backend: Backend): boolean {
  return tf.getBackend() === backend && (backend === 'tensorflow' || tf.backend() instanceof embedded[backend]);
}

/** Made here and not on demand by tfjs, which would keep the reason of a failure to itself. */
function startEngine(): void {
  if (tf.findBackendFactory('graphnad') !== null) return;
  let engine: GraphnadBackend;
  try {
    engine = new GraphnadBackend();
  } catch (error) {
    throw new BackendError('graphnad', reasonOf(error));
  }
  registerKernels();
  tf.registerBackend('graphnad', () => engine);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
