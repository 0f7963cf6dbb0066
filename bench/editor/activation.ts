import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Busy } from '../../client/activationTime';
import { outFolder, packageFile, repositoryRoot } from '../../scripts/lib/paths';
import { makeTestWorkspace } from '../../test/support/exampleWorkspace';
import { runInBrowserHost } from '../../test/support/vscodeHost/runInBrowserHost';
import { unpackExtension } from '../../test/support/vscodeHost/unpackExtension';

const timeLimit = 120_000;

/** How long the extension kept the thread that all extensions share, in three goes between which others have their turn. */
export interface Activation {
  /** Loading the extension's code, and `activate`. */
  readonly activation: Busy;
  /** Loading the language client. */
  readonly loading: Busy;
  /** Making and starting it. */
  readonly starting: Busy;
}

/** What activation takes, in a fresh host a turn. The package must be there. */
export async function measureActivation(turns: number): Promise<Activation[]> {
  const folder = path.join(outFolder, 'bench');
  const tests = path.join(folder, 'activationProbe.js');
  await build({
    entryPoints: [path.join(repositoryRoot, 'bench', 'editor', 'activationProbe.ts')],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const extension = await unpackExtension(packageFile, path.join(folder, 'extension'));
  const workspace = await makeTestWorkspace();
  const figure = path.join(folder, 'activation-times.json');
  // The host inherits it.
  process.env.GRAPHNAD_ACTIVATION = figure;
  const results = path.join(folder, 'activation.json');
  const measured: Activation[] = [];
  try {
    for (let turn = 0; turn < turns; turn++) {
      await runInBrowserHost({ extension, tests, workspace: workspace.folder, results, timeLimit });
      measured.push(JSON.parse(await readFile(figure, 'utf8')) as Activation);
    }
    return measured;
  } finally {
    await workspace.remove();
  }
}
