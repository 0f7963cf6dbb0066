/**
 * The tables of docs/performance.md: this engine against PyTorch, taking turns in one run.
 *
 *   npm run bench [-- --only steps,purification,gemm,memory,scaling,backends,profile] [--pairs 9] [--quick]
 *                 [--shared DIR] [--docs] [--tables] [--profile]
 *
 * Every section is written to bench/results/performance/ when it is done and printed. `--docs` writes the tables of all
 * results there are into docs/performance.md; `--tables` does so without measuring. `--quick` is for a first look: 5
 * short turns, one model and one fixture. `--profile` is short for `--only profile`. The Python to compare with is named
 * by the environment variable GRAPHNAD_PYTHON, else `python3`; it needs bench/peers/requirements.txt.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { measureGemm } from './engine/gemmBench';
import { describeMachine, type Machine } from './engine/machine';
import { profilePurification, profileSteps } from './engine/profileBench';
import { measureMemory, measurePurification } from './engine/purifyBench';
import {
  readResults,
  sectionNames,
  writeResults,
  type ScalingMeasurement,
  type SectionName,
  type Sections,
} from './engine/results';
import { measureSteps, type NamedSide, type StepBenchOptions, type StepMeasurement } from './engine/stepBench';
import { StepSide } from './engine/stepSide';
import { machineLine, replaceBetweenMarkers, sectionTables } from './engine/tables';
import { ginShape, madeUpWorkload, meanSize, modelKinds, proteinsWorkload, type Workload } from './engine/workload';

const root = path.resolve(__dirname, '..');
const document = path.join(root, 'docs', 'performance.md');

interface Settings extends StepBenchOptions {
  /** Folder with `data` and `fixtures`. */
  readonly shared: string;
  readonly proteins: string;
  readonly quick: boolean;
  readonly geometric: boolean;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      pairs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      shared: { type: 'string', default: path.resolve(root, '..', 'shared') },
      docs: { type: 'boolean', default: false },
      tables: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  const wanted = values.profile ? ['profile'] : (values.only?.split(',') ?? sectionNames);
  const unknown = wanted.filter((name) => !sectionNames.includes(name as SectionName));
  if (unknown.length > 0)
    throw new Error(`there is no section ${unknown.join(', ')}; there are ${sectionNames.join(', ')}`);
  if (!values.tables) {
    const machine = await describeMachine();
    const geometric = 'PyTorch Geometric' in machine.versions;
    console.log(machineLine(machine));
    if (!geometric) console.log('PyTorch Geometric is not installed there, so it is not measured.\n');
    const settings: Settings = {
      turns: turnsOf(values.pairs ?? (values.quick ? '5' : '9')),
      turnMilliseconds: values.quick ? 200 : 500,
      shared: values.shared,
      proteins: path.join(values.shared, 'data', 'tu', 'PROTEINS'),
      quick: values.quick,
      geometric,
    };
    for (const name of sectionNames) if (wanted.includes(name)) await runSection(name, machine, settings);
  }
  if (values.docs || values.tables) await writeDocument();
}

/** Fewer than five turns have no median to speak of. */
function turnsOf(text: string): number {
  const turns = Number(text);
  if (!Number.isInteger(turns) || turns < 5) throw new Error(`--pairs takes a whole number of at least 5, not ${text}`);
  return turns;
}

async function runSection<Name extends SectionName>(name: Name, machine: Machine, settings: Settings): Promise<void> {
  process.stderr.write(`Measuring: ${name}\n`);
  const measured = await sections[name](settings);
  writeResults(name, machine, measured);
  console.log(`## ${name}\n\n${sectionTables[name](measured, machine)}`);
}

const sections: { readonly [Name in SectionName]: (settings: Settings) => Promise<Sections[Name]> } = {
  steps: async (settings) => {
    const workload = await proteinsWorkload(settings.proteins, 32);
    console.log(`Training steps on ${workload.data}.\n`);
    const measured: StepMeasurement[] = [];
    for (const kind of settings.quick ? modelKinds.slice(0, 1) : modelKinds) {
      const shape = { ...ginShape(workload.labelColumns), kind };
      const unfolded = kind === 'gin' ? [ours('unfolded', 1)] : [];
      measured.push(
        ...(await withSides(
          () => [ours('ours', 1), ...unfolded, ours('ours', 2), ...peers(settings)],
          (sides) => measureSteps(shape, workload, sides, settings),
        )),
      );
    }
    return measured;
  },
  purification: async ({ shared, quick, turns }) => {
    requireShared(shared);
    const measured = [];
    for (const fixture of quick ? fixtures.slice(0, 1) : fixtures) {
      measured.push(await measurePurification(shared, fixture, [1, 2], Math.min(turns, 5)));
    }
    return measured;
  },
  gemm: async ({ proteins, turns }) => {
    const { nodes } = meanSize(await proteinsWorkload(proteins, 32));
    return withSides(
      () => [ours('ours', 1), torch(1)],
      (sides) => measureGemm(nodes, 64, sides, turns),
    );
  },
  memory: async ({ shared, quick }) => {
    requireShared(shared);
    const measured = [];
    for (const fixture of quick ? fixtures.slice(0, 1) : fixtures) measured.push(await measureMemory(shared, fixture));
    return measured;
  },
  scaling: (settings) =>
    withSides(
      () => [ours('ours', 1), torch(1)],
      (sides) => measureScaling(sides, settings),
    ),
  backends: async (settings) => {
    const workload = await proteinsWorkload(settings.proteins, 32);
    return withSides(
      () => [ours('ours', 1), standard('wasm'), standard('cpu')],
      (sides) => measureSteps(ginShape(workload.labelColumns), workload, sides, settings),
    );
  },
  profile: async ({ shared, proteins, quick }) => {
    requireShared(shared);
    const measured = [await profileSteps(proteins, quick ? 200 : 1000)];
    for (const fixture of quick ? fixtures.slice(0, 1) : fixtures) {
      measured.push(await profilePurification(shared, fixture));
    }
    return measured;
  },
};

const fixtures = ['proteins-gin-subgraph-s0', 'aids-gin-subgraph-s0'];

/** One size at a time is changed; the others stay those of PROTEINS at batch 32. */
async function measureScaling(sides: readonly NamedSide[], settings: Settings): Promise<ScalingMeasurement[]> {
  const measured: ScalingMeasurement[] = [];
  const add = async (axis: string, value: number, workload: Workload, hidden = 64): Promise<void> => {
    const shape = { ...ginShape(workload.labelColumns), hidden };
    const [steps] = await measureSteps(shape, workload, sides, { ...settings, turns: 5, collating: false });
    measured.push({ axis, value, steps });
  };
  for (const size of [8, 32, 128, 512]) {
    await add('graphs in a batch', size, await proteinsWorkload(settings.proteins, size));
  }
  for (const hidden of [16, 32, 64, 128, 256]) {
    await add('hidden width', hidden, await proteinsWorkload(settings.proteins, 32), hidden);
  }
  for (const nodes of [10, 39, 156, 624, 2496]) {
    await add('nodes of a graph', nodes, madeUpWorkload({ count: 128, nodes, degree: 3.7 }, 32));
  }
  for (const degree of [2, 4, 8, 16, 32]) {
    await add('mean degree', degree, madeUpWorkload({ count: 128, nodes: 39, degree }, 32));
  }
  return measured;
}

async function withSides<Result>(
  open: () => readonly NamedSide[],
  work: (sides: readonly NamedSide[]) => Promise<Result>,
): Promise<Result> {
  const sides = open();
  try {
    return await work(sides);
  } finally {
    for (const { side } of sides) side.close();
  }
}

function ours(kind: 'ours' | 'unfolded', threads: number): NamedSide {
  const name = kind === 'ours' ? 'graphnad' : 'graphnad without folding';
  return { name, threads, side: StepSide.node(kind, 'auto', threads) };
}

function standard(backend: 'wasm' | 'cpu'): NamedSide {
  return { name: `TensorFlow.js, ${backend} backend`, threads: 1, side: StepSide.node('standard', backend) };
}

function torch(threads: number): NamedSide {
  return { name: 'PyTorch', threads, side: StepSide.python('torch', threads) };
}

function peers({ geometric }: Settings): NamedSide[] {
  const counts = [1, 2];
  const withGeometric = geometric
    ? counts.map((threads) => ({ name: 'PyTorch Geometric', threads, side: StepSide.python('pyg', threads) }))
    : [];
  return [...counts.map(torch), ...withGeometric];
}

function requireShared(shared: string): void {
  if (existsSync(path.join(shared, 'fixtures', 'models'))) return;
  throw new Error(
    `the fixture models are missing: ${path.join(shared, 'fixtures', 'models')}; --shared names their folder`,
  );
}

async function writeDocument(): Promise<void> {
  let text = readFileSync(document, 'utf8');
  for (const name of sectionNames) text = withSection(text, name);
  const options = await resolveConfig(document);
  writeFileSync(document, await format(text, { ...options, parser: 'markdown' }));
  console.log(`The tables are in ${path.relative(process.cwd(), document)}.`);
}

function withSection<Name extends SectionName>(text: string, name: Name): string {
  const results = readResults(name);
  if (results === undefined) return text;
  const { machine, measured } = results;
  return replaceBetweenMarkers(text, name, `${machineLine(machine)}\n${sectionTables[name](measured, machine)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
