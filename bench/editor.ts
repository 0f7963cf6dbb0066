/**
 * What a person in the editor waits for: activation, first diagnostics, answers during a purification, size.
 *
 *   npm run bench -- editor [--turns 7] [--models 100] [--docs]
 *
 * `--docs` writes the tables into docs/performance.md. Nothing is compared with others, so neither Python nor data sets
 * are needed; activation needs the browser host (Linux).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { packageExtension } from '../scripts/lib/packageExtension';
import { packageFile, repositoryRoot } from '../scripts/lib/paths';
import { makeTestWorkspace } from '../test/support/exampleWorkspace';
import { measureActivation } from './editor/activation';
import { measureLatency } from './editor/latency';
import { measureOpening } from './editor/opening';
import { measureSizes } from './editor/sizes';
import { editorTables, type EditorMeasurement } from './editor/tables';
import { describeOwnMachine } from './engine/machine';
import { machineLine, replaceBetweenMarkers } from './engine/tables';

const document = path.join(repositoryRoot, 'docs', 'performance.md');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      turns: { type: 'string', default: '7' },
      models: { type: 'string', default: '100' },
      docs: { type: 'boolean', default: false },
    },
  });
  const [turns, models] = [Number(values.turns), Number(values.models)];
  // What is measured is what ships: small bundles, without source maps.
  await packageExtension(packageFile);
  const measured: EditorMeasurement = {
    models,
    sizes: await measureSizes(packageFile),
    openings: await openings(models, turns),
    latencies: await measureLatency(),
    activations: await measureActivation(turns),
  };
  const text = `${machineLine(describeOwnMachine())}\n${editorTables(measured)}`;
  console.log(text);
  if (values.docs) await writeDocument(text);
}

async function openings(models: number, turns: number): Promise<EditorMeasurement['openings']> {
  const workspace = await makeTestWorkspace();
  try {
    return await measureOpening(path.join(workspace.folder, 'models', 'clean.pt'), models, turns);
  } finally {
    await workspace.remove();
  }
}

async function writeDocument(tables: string): Promise<void> {
  const text = replaceBetweenMarkers(readFileSync(document, 'utf8'), 'editor', tables);
  writeFileSync(document, await format(text, { ...(await resolveConfig(document)), parser: 'markdown' }));
  console.log(`The tables are in ${path.relative(process.cwd(), document)}.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
