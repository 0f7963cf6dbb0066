import path from 'node:path';
import { build } from 'esbuild';
import { outFolder, repositoryRoot } from './paths';

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
    logLevel: 'error',
  });
  return outfile;
}
