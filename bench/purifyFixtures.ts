/**
 * The tables of docs/method.md: true accuracy and attack success of backdoored models before and after purification.
 * The true trigger and the test split are used to report only.
 *
 *   npx tsx bench/purifyFixtures.ts [--zoo | --folder FOLDER] [--seeds 0,1,2] [--methods graphnad,graphnad-paper] [--table] [NAME ...]
 *
 * NAME is part of a model's name (`proteins`, `aids-gin-gta`); default: all fixtures that carry a trigger, or with
 * `--zoo` the reference models that `bench/scanCalibration.ts zoo` trains, or with `--folder` those that
 * `bench/shapes/train.py` wrote there. Every measurement is a line of
 * bench/results/purifyFixtures.jsonl (purifyZoo.jsonl, purifyShapes.jsonl) and is not repeated while the settings stay the same; after a
 * change of the code, delete that file. `--table` only prints what is there, of the methods named.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { purify } from '../server/src/defense/purify';
import { purificationMethods, resolveOptions, type PurificationMethod } from '../server/src/defense/options';
import type { Bounds } from '../server/src/gnn/bounds';
import type { GraphModel } from '../server/src/gnn/graphModel';
import { selectBackend } from '../server/src/tensor/backend';
import { defenseTable } from './purify/defenseTable';
import { backdooredFixtures, loadFixture, measure, type Subject } from './purify/fixtures';
import { MeasurementStore, type Measurement } from './purify/measurements';
import { backdooredZooModels, loadZooSubject } from './purify/zooSubjects';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '0,1,2' },
      methods: { type: 'string', default: 'graphnad,graphnad-paper' },
      table: { type: 'boolean', default: false },
      zoo: { type: 'boolean', default: false },
      folder: { type: 'string' },
    },
  });
  const wanted = values.methods.split(',');
  const methods = purificationMethods.filter((method) => wanted.includes(method));
  const names = (values.zoo ? backdooredZooModels() : backdooredFixtures(values.folder)).filter(
    (name) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  );
  const store = await MeasurementStore.open(path.join(__dirname, 'results', resultsOf(values)));
  if (!values.table) {
    await selectBackend('graphnad');
    for (const seed of values.seeds.split(',').map(Number)) {
      for (const method of methods) {
        for (const name of names) {
          const subject = await (values.zoo ? loadZooSubject(name) : loadFixture(name, values.folder));
          await purifyOnce(name, subject, seed, method, store);
          subject.model.dispose();
        }
      }
    }
  }
  const shown = new Set(['before', ...methods.flatMap((method) => columnsOf[method])]);
  const measured = store.latest().filter(({ fixture, column }) => names.includes(fixture) && shown.has(column));
  process.stdout.write(defenseTable(measured));
}

function resultsOf({ zoo, folder }: { readonly zoo: boolean; readonly folder?: string }): string {
  if (zoo) return 'purifyZoo.jsonl';
  return folder === undefined ? 'purifyFixtures.jsonl' : 'purifyShapes.jsonl';
}

/** The columns that a method fills, its purified model's last. */
const columnsOf: Readonly<Record<PurificationMethod, readonly Measurement['column'][]>> = {
  graphnad: ['fine-tuned', 'teacher', 'graphnad'],
  'graphnad-paper': ['paper'],
  finetune: ['fine-tuned'],
  'fine-pruning': ['fine-pruning'],
  nad: ['nad'],
  argd: ['argd'],
  anp: ['anp'],
};

async function purifyOnce(
  name: string,
  subject: Subject,
  seed: number,
  method: PurificationMethod,
  store: MeasurementStore,
): Promise<void> {
  const { model, clean, layout } = subject;
  const settings = JSON.stringify(resolveOptions({ method }, clean.length));
  if (store.has(name, seed, settings)) return;
  const before = process.cpuUsage();
  const { signal } = new AbortController();
  const result = await purify({ model, clean, layout, options: { method }, seed, signal, onProgress: () => undefined });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const row = (column: Measurement['column'], measured: GraphModel, bounds?: Bounds): Measurement => ({
    ...{ fixture: name, column, seed, settings },
    seconds: measured === model ? 0 : seconds,
    ...measure(measured, subject, bounds),
  });
  const { student, fineTuned, teacher, teacherBounds } = result;
  const robust =
    method === 'graphnad' && teacher ? [row('fine-tuned', fineTuned), row('teacher', teacher, teacherBounds)] : [];
  await store.add([row('before', model), ...robust, row(columnsOf[method][columnsOf[method].length - 1], student)]);
  process.stderr.write(`${name}, seed ${seed}, ${method}: ${seconds.toFixed(0)} s of processor time\n`);
  result.disposeModels();
}

void main();
