import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { BackendError } from './backendError';

/** Optional peers that register the backend `tensorflow`, best first. */
const tensorflowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Modules are looked up from here at run time, so that the bundler does not try to include optional ones. */
const requireAtRunTime = createRequire(__filename);

/**
 * Loads TensorFlow for Node.js where the user installed it; it registers the backend `tensorflow` by itself.
 *
 * @throws BackendError when no package is there or the one that is does not load
 */
export function loadTensorFlow(): void {
  if (tf.findBackendFactory('tensorflow') !== null) return;
  const failures: string[] = [];
  for (const name of tensorflowPackages) {
    try {
      requireAtRunTime(name);
      return;
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new BackendError('tensorflow', `none of its packages could be loaded (${failures.join('; ')})`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}
