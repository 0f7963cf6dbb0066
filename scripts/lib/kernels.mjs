import { execFileSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/** The kernels' two builds: `relaxed` rounds a multiply-add once, where the runtime can. */
const builds = [
  { file: 'graphnad-kernels.wasm', features: ['simd', 'threads'] },
  { file: 'graphnad-kernels-relaxed.wasm', features: ['simd', 'threads', 'relaxed-simd'] },
];

export const kernelFiles = builds.map(({ file }) => file);

/**
 * Compiles the kernels of `server/src/tensor/kernels` into a folder. A program of its own: the compiler's types would
 * take the place of Node's.
 *
 * @param {string} folder
 * @throws when they do not compile, after the compiler has said why
 */
export function compileKernels(folder) {
  for (const { file, features } of builds) {
    const options = [
      ...['--outFile', path.join(folder, file)],
      // Names of functions are kept, for profiles.
      ...['-O3', '--converge', '--noAssert', '--debug'],
      // Kernels allocate nothing: the engine's memory and all places in it are given to them.
      ...['--runtime', 'stub', '--importMemory', '--sharedMemory', '--noExportMemory'],
      ...['--initialMemory', '1', '--maximumMemory', '65536'],
      ...features.flatMap((feature) => ['--enable', feature]),
      // "Exchange of 'v128' values": between kernels alone, never with JavaScript.
      ...['--disableWarning', '112'],
    ];
    const compiler = path.join('node_modules', 'assemblyscript', 'bin', 'asc.js');
    execFileSync(process.execPath, [compiler, 'server/src/tensor/kernels/index.ts', ...options], { stdio: 'inherit' });
  }
}
