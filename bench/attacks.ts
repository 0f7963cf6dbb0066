/**
 * Measures the attacks: accuracy of a clean model, and accuracy, attack success rate and flip ASR of backdoored ones.
 *
 *   npx tsx bench/attacks.ts [--data AIDS,PROTEINS,NCI1,DHFR] [--kinds subgraph,gta,...] [--arch gin,gcn,...]
 *     [--seeds 0,1,2] [--shared ../shared] [--table]
 *
 * Models have 3 layers of 64, sum readout and BatchNorm, and are trained for 40 epochs at 0.005; attacks have their
 * defaults. Figures are those of the test split of `graphnad evaluate`. Every model is a line of
 * bench/results/attacks.jsonl and is not trained again while its settings stay the same; after a change of the code,
 * delete that file. `--table` only prints what is there.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { modelKinds, type ModelKind } from '../protocol/model';
import { attackKinds, type AttackKind } from '../server/src/attack/attacks';
import { selectBackend } from '../server/src/tensor/backend';
import { JsonLines } from '../server/src/jobs/grid/jsonLines';
import { attackTables } from './attacks/attackTables';
import {
  attackDataSets,
  measureAttack,
  settingsText,
  type AttackMeasurement,
  type AttackSpec,
} from './attacks/measure';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: attackDataSets.join() },
      kinds: { type: 'string', default: attackKinds.join() },
      arch: { type: 'string', default: 'gin' },
      seeds: { type: 'string', default: '0' },
      shared: { type: 'string', default: path.resolve(__dirname, '../../shared') },
      table: { type: 'boolean', default: false },
    },
  });
  const some = <T extends string>(all: readonly T[], wanted: string): T[] =>
    all.filter((one) => wanted.split(',').includes(one));
  const kinds: (AttackKind | 'none')[] = ['none', ...some(attackKinds, values.kinds)];
  const store = await JsonLines.open<AttackMeasurement>(path.join(__dirname, 'results', 'attacks.jsonl'));
  const records = [...store.records];
  const specs = values.seeds
    .split(',')
    .flatMap((seed) =>
      some(modelKinds, values.arch).flatMap((arch: ModelKind) =>
        some(attackDataSets, values.data).flatMap((dataSet) =>
          kinds.map((kind): AttackSpec => ({ dataSet, kind, arch, seed: Number(seed) })),
        ),
      ),
    );
  if (!values.table) {
    await selectBackend('graphnad');
    for (const spec of specs) {
      const settings = settingsText(spec);
      if (records.some((one) => one.settings === settings)) continue;
      const measured = await measureAttack(spec, path.join(values.shared, 'data', 'tu'));
      await store.append(measured);
      records.push(measured);
      process.stderr.write(`${settings}: ${measured.seconds.toFixed(0)} s of processor time\n`);
    }
  }
  const inOrder = specs.flatMap((spec) => records.filter(({ settings }) => settings === settingsText(spec)).slice(-1));
  process.stdout.write(attackTables(inOrder));
}

void main();
