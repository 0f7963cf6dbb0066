/** Bundles everything that ships into `dist/`: client, server, worker, side thread, command line, threads and webview. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies } from './lib/install.mjs';

ensureDependencies(path.dirname(import.meta.dirname));
const { build, context } = await import('esbuild');
const { compileKernels, kernelFiles } = await import('./lib/kernels.mjs');
const { apart, requireVscode } = await import('./lib/clientBundles.mjs');
const { librariesApart } = await import('./lib/serverBundles.mjs');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = {
  bundle: true,
  metafile: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
};
/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...common,
    // What speaks to the server is four fifths of the code, and not needed to activate: a file of its own.
    entryPoints: { client: 'client/extension.ts', languageClient: 'client/languageClient.ts' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [requireVscode, apart('languageClient')],
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: {
      server: 'server/src/main.ts',
      worker: 'server/src/worker.ts',
      side: 'server/src/side.ts',
      cli: 'server/src/cli.ts',
    },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // One copy of tfjs: its CommonJS files would pull in a second one, and drop the backends' registration.
    mainFields: ['module', 'main'],
    // Optional peers, resolved from the user's machine at run time.
    external: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
    // Most people have no queue: what speaks to one is loaded when there is one, by server and command line alike.
    plugins: [librariesApart('queue', ['bullmq', 'ioredis'])],
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: { queue: 'server/src/jobs/remote/libraries.ts' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: { thread: 'server/src/tensor/engine/thread.ts' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: {
      panel: 'webview/panel.ts',
      inspector: 'webview/inspector/inspector.ts',
      attention: 'webview/attention/attention.ts',
    },
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    tsconfig: 'webview/tsconfig.json',
    outdir: 'dist/webview',
  },
];

await mkdir('dist', { recursive: true });
compileKernels('dist');
if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  // esbuild has printed what it found; a warning can mean that something is left out of a bundle.
  const results = await Promise.all(bundles.map((options) => build(options).catch(() => undefined)));
  if (results.some((result) => result === undefined || result.warnings.length > 0)) process.exitCode = 1;
  else await removeOthers(results.flatMap((result) => Object.keys(result.metafile.outputs)));
}

/**
 * Removes what earlier builds left. Not before: what runs from `dist/` meanwhile must find its files.
 *
 * @param {string[]} written
 */
async function removeOthers(written) {
  const keep = new Set([...written, ...kernelFiles.map((file) => `dist/${file}`)].map((file) => path.normalize(file)));
  for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !keep.has(file)) await rm(file);
  }
}
