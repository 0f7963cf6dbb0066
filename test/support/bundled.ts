import { buildSync } from 'esbuild';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outFolder, repositoryRoot } from '../../scripts/lib/paths';

const bundles = new Map<string, string>();

/**
 * Makes one script of a program and its sources, for tests that start it again and again: from its sources it takes
 * seconds of a core to load. It finds what else the product consists of (kernels, threads) in `dist/`.
 *
 * @param source below the repository's folder, such as `test/support/poolWorker.ts`
 * @returns path of the script; made once a process
 */
export function bundled(source: string): string {
  const made = bundles.get(source);
  if (made !== undefined) return made;
  const { outputFiles } = buildSync({
    entryPoints: [path.join(repositoryRoot, source)],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // As in the build: one copy of tfjs.
    mainFields: ['module', 'main'],
    external: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', 'bullmq', 'ioredis'],
    define: { __dirname: JSON.stringify(path.join(repositoryRoot, 'dist')) },
    logLevel: 'error',
  });
  const file = path.join(outFolder, 'test', 'programs', `${path.basename(source, '.ts')}.js`);
  mkdirSync(path.dirname(file), { recursive: true });
  // Others may be loading the one of a process that began before this one.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, outputFiles[0].contents);
  renameSync(partial, file);
  bundles.set(source, file);
  return file;
}
