import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { outFolder, repositoryRoot } from './paths';

/** Threads are given the inputs to begin with; what makes them reads files that are not where the bundle is. */
const withoutSamples: Plugin = {
  name: 'without samples',
  setup(bundler) {
    bundler.onResolve({ filter: /\/samples\// }, ({ path: name }) => ({ path: name, namespace: 'samples' }));
    bundler.onLoad({ filter: /^/, namespace: 'samples' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Bundles a target of `test/fuzz/targets` with the fuzzing loop into one script; returns its path. */
export async function bundleFuzzTarget(target: string): Promise<string> {
  const outfile = path.join(outFolder, 'fuzz', `${target}.js`);
  await build({
    stdin: {
      contents: `import { target } from './test/fuzz/targets/${target}';
        import { fuzz } from './test/fuzz/engine/thread';
        fuzz(target);`,
      resolveDir: repositoryRoot,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Coverage counts characters of the script, which must be bytes.
    charset: 'ascii',
    packages: 'external',
    plugins: [withoutSamples],
    logLevel: 'error',
  });
  return outfile;
}
