/** Bundles the suites that run inside an extension host, and runs them there. */
import { build } from 'esbuild';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeTestWorkspace } from '../../test/support/exampleWorkspace';
import type { SuiteResults } from '../../test/support/results';
import type { HostedSuite } from '../../test/support/vscodeHost/hostedSuite';
import { unpackExtension } from '../../test/support/vscodeHost/unpackExtension';
import { outFolder, packageFile, repositoryRoot } from './paths';
import { suiteTimeLimit } from './suites';

/**
 * Runs `test/vscode` against the packed extension in a host of the caller's choice.
 *
 * @param results file for the results
 */
export async function runHostTests(
  results: string,
  runInHost: (suite: HostedSuite) => Promise<SuiteResults>,
): Promise<SuiteResults> {
  const tests = path.join(outFolder, 'test', 'vscode');
  await bundleTests(tests);
  const extension = await unpackExtension(packageFile, path.join(outFolder, 'extension'));
  const workspace = await makeTestWorkspace();
  try {
    return await runInHost({
      extension,
      tests: path.join(tests, 'index.js'),
      workspace: workspace.folder,
      results,
      timeLimit: suiteTimeLimit,
    });
  } finally {
    await workspace.remove();
  }
}

async function bundleTests(folder: string): Promise<void> {
  const source = path.join(repositoryRoot, 'test', 'vscode');
  const entryPoints = (await readdir(source)).filter((name) => name === 'index.ts' || name.endsWith('.test.ts'));
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: entryPoints.map((name) => path.join(source, name)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    // The host provides `vscode`; Mocha must be one instance for all files.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}
