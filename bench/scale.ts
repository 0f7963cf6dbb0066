/**
 * What a queue costs, what more workers bring, and what is lost when processes are killed: nothing.
 *
 *   npm run bench -- scale [--models 60] [--turns 3] [--small 300] [--kills 200] [--killed-models 1000]
 *                          [--only throughput|cost|kills] [--docs]
 *
 * Starts a Redis server of its own. `--docs` writes the tables into docs/scale.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../scripts/lib/paths';
import { describeOwnMachine } from './engine/machine';
import { machineLine, replaceBetweenMarkers } from './engine/tables';
import { measureCost } from './scale/cost';
import { measureKills } from './scale/kills';
import { costTable, killsTable, projectionTable, throughputTable } from './scale/tables';
import { measureThroughput } from './scale/throughput';

const document = path.join(repositoryRoot, 'docs', 'scale.md');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: '60' },
      turns: { type: 'string', default: '3' },
      small: { type: 'string', default: '300' },
      kills: { type: 'string', default: '200' },
      'killed-models': { type: 'string', default: '1000' },
      only: { type: 'string' },
      docs: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-scale-'));
  // Runs are noted there, and not among those of whoever measures.
  for (const variable of ['XDG_STATE_HOME', 'LOCALAPPDATA']) process.env[variable] = path.join(folder, 'state');
  const [models, turns, small] = [Number(values.models), Number(values.turns), Number(values.small)];
  const parts: Readonly<Record<string, () => Promise<string>>> = {
    throughput: async () => throughputTable(await measureThroughput({ folder, models, turns })),
    cost: async () => {
      const cost = await measureCost({ folder, models: small });
      return `${costTable(cost)}\n${projectionTable(cost)}`;
    },
    kills: async () =>
      killsTable(await measureKills({ folder, models: Number(values['killed-models']), kills: Number(values.kills) })),
  };
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (values.only !== undefined && values.only !== name) continue;
      const text = `${machineLine(describeOwnMachine())}\n${await measure()}`;
      console.log(text);
      if (values.docs) await writeDocument(name, text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function writeDocument(marker: string, tables: string): Promise<void> {
  const text = replaceBetweenMarkers(readFileSync(document, 'utf8'), marker, tables);
  writeFileSync(document, await format(text, { ...(await resolveConfig(document)), parser: 'markdown' }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
