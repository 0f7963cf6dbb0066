import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Source of a package that stands in for TensorFlow for Node.js, which is large and native: it registers the backend
 * `tensorflow` as that does, and computes on the plain one. It shows how ours finds a package, judges it and tells what
 * it came to; the operations themselves are tested on the real one where there is one.
 */
export const workingPackage = `
  const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-core'))});
  const { MathBackendCPU } = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'))});
  tf.registerBackend('tensorflow', () => new MathBackendCPU(), 3);
  tf.copyRegisteredKernels('cpu', 'tensorflow');`;

/** Source of a package whose install script did not run, in the words of the real one. */
export const packageWithoutAddon = `
  throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: x.node. \\nPlease run');`;

/** Puts a package into the `node_modules` of a folder. */
export function installPackage(
  folder: string,
  name: 'tfjs-node' | 'tfjs-node-gpu',
  source: string,
  version = '4.22.0',
): void {
  const target = path.join(folder, 'node_modules', '@tensorflow', name);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version }));
  writeFileSync(path.join(target, 'index.js'), source);
}
