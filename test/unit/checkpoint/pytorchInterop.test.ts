import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NewTensor } from '../../../server/src/checkpoint/createCheckpoint';
import { createPyTorchCheckpoint } from '../../../server/src/checkpoint/createCheckpoint';
import { elementSize } from '../../../server/src/checkpoint/dtypes';
import type { DType } from '../../../server/src/checkpoint/checkpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../server/src/checkpoint/rewriteCheckpoint';
import type { ExpectedCheckpoint } from './fixtureFiles';
import { expectedCheckpoints, fixture, parseExpected } from './fixtureFiles';
import { negated, Samples } from './formatSamples';

const scripts = path.resolve(__dirname, '../../fixtures/pytorch');

/** The first Python that has PyTorch: the one named, the one on the path, Debian's. */
function findPython(): string | undefined {
  const candidates = [process.env.GRAPHNAD_PYTHON, 'python3', '/usr/bin/python3', 'python'];
  const check = 'import importlib.util as u, sys; sys.exit(not (u.find_spec("torch") and u.find_spec("numpy")))';
  return candidates.find((python) => python && spawnSync(python, ['-c', check], { timeout: 20_000 }).status === 0);
}

/** What `interop.py` says of a value. */
interface Described {
  readonly type: string;
  readonly items?: readonly (Described | readonly [string, Described])[];
  readonly state?: Described;
  readonly values?: readonly (number | string)[];
}

type Loaded = Readonly<Record<string, { readonly weightsOnly: boolean; readonly content: Described }>>;

describe('interoperation with PyTorch', function () {
  this.timeout(180_000);
  let python: string;
  let folder: string;

  before(function () {
    const found = findPython();
    if (found === undefined) {
      console.log(
        '    No Python with PyTorch and NumPy was found (GRAPHNAD_PYTHON, python3, /usr/bin/python3): ' +
          'what is written here was not loaded in PyTorch. The committed files of PyTorch were still read.',
      );
      this.skip();
    }
    python = found;
    folder = mkdtempSync(path.join(tmpdir(), 'graphnad-interop-'));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  function runPython(script: string, args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(python, [path.resolve(scripts, script), ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 170_000,
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  function loadInPyTorch(files: readonly string[]): Loaded {
    return JSON.parse(runPython('interop.py', files)) as Loaded;
  }

  function write(name: string, bytes: Uint8Array): string {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  }

  it('reads what this PyTorch writes', () => {
    runPython('make.py', [folder]);
    const expected = parseExpected(readFileSync(path.join(folder, 'expected.json'), 'utf8'));
    for (const [name, { wrapper, tensors }] of Object.entries(expected)) {
      const checkpoint = readCheckpoint(readFileSync(path.join(folder, name)), name);
      assert.deepEqual([checkpoint.wrapper, checkpoint.anomalies], [wrapper, []], name);
      assert.deepEqual(
        [...checkpoint.tensors.values()].map((tensor) => ({
          ...{ name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, values: [...tensor.values()] },
        })),
        tensors,
        name,
      );
    }
    for (const name of readdirSync(folder).filter((file) => /\.(pt|pkl)$/.test(file))) {
      assert.deepEqual(inspectCode(readFileSync(path.join(folder, name)), name).anomalies, [], name);
    }
  });

  it('rewrites files that PyTorch loads to the same keys, types, shapes and objects, with the new values', () => {
    const pairs = Object.entries(expectedCheckpoints).map(([name, expected]) => {
      const replacements = replaceable(name, expected);
      return {
        name,
        replacements,
        before: write(`before-${name}`, fixture(name)),
        after: write(`after-${name}`, rewriteCheckpoint(fixture(name), name, replacements).bytes),
      };
    });
    const loaded = loadInPyTorch(pairs.flatMap(({ before, after }) => [before, after]));
    for (const { name, replacements, before, after } of pairs) {
      assert.equal(loaded[after].weightsOnly, loaded[before].weightsOnly, name);
      assert.deepEqual(withoutValues(loaded[after].content), withoutValues(loaded[before].content), name);
      const tensors = namedTensors(loaded[after].content, expectedCheckpoints[name].wrapper);
      const old = namedTensors(loaded[before].content, expectedCheckpoints[name].wrapper);
      for (const { name: key } of expectedCheckpoints[name].tensors) {
        const values = replacements.get(key) ?? old.get(key)?.values;
        assert.deepEqual(tensors.get(key)?.values?.map(Number), Array.from(values ?? [], Number), `${name} ${key}`);
      }
    }
    assert.ok(loaded[pairs[0].after].weightsOnly);
  });

  it('rewrites older formats, compiled modules and shards that PyTorch loads', () => {
    const samples = new Samples('pytorch');
    for (const name of Object.keys(samples.expected)) {
      const bytes = samples.bytes(name);
      const replaced = negated(readCheckpoint(bytes, name, samples.beside));
      const rewritten = rewriteCheckpoint(bytes, name, replaced, { openBeside: samples.beside });
      write(path.join('formats', name), rewritten.bytes);
      for (const [shard, content] of rewritten.beside) write(path.join('formats', shard), content);
    }
    const script = path.resolve(scripts, '../formats/pytorch/interop.py');
    assert.equal(runPython(script, [path.join(folder, 'formats')]).trim(), 'ok');
  });

  it('creates files that torch.load(weights_only=True) loads', () => {
    const tensors: NewTensor[] = (Object.keys(elementSize) as DType[]).map((dtype) => ({
      ...{ name: `layer.${dtype}`, dtype, shape: [2, 3], values: [0, 1, 1, 0, 0, 1] },
    }));
    tensors.push({ name: 'scalar', dtype: 'float32', shape: [], values: [0.5] });
    tensors.push({ name: '\u00fc.empty', dtype: 'float64', shape: [0, 300, 70_000], values: [] });
    const file = write('created.pt', createPyTorchCheckpoint(tensors));
    const { weightsOnly, content } = loadInPyTorch([file])[file];
    assert.equal(weightsOnly, true);
    assert.equal(content.type, 'OrderedDict');
    assert.deepEqual(
      [...namedTensors(content, '')].map(([name, tensor]) => [name, tensor]),
      tensors.map(({ name, dtype, shape, values }) => [
        name,
        {
          ...{ type: 'Tensor', dtype: `torch.${dtype}`, shape, attributes: '[]' },
          stride: shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * Math.max(1, size), 1)),
          values: dtype === 'bool' ? Array.from(values, Boolean) : Array.from(values),
        },
      ]),
    );
  });
});

/** New values for every tensor that can take them without contradicting a view of the same numbers. */
function replaceable(name: string, { tensors }: ExpectedCheckpoint): Map<string, number[]> {
  const shared = new Set(['transposed', 'column', 'block', 'tail', 'matrix', 'expanded']);
  const chosen = name === 'views.pt' ? tensors.filter((tensor) => !shared.has(tensor.name)) : tensors;
  return new Map(
    chosen.map(({ name: key, values }) => {
      // Small binary fractions and bits are exact in every type.
      const whole = values.every((value) => Number.isInteger(value));
      return [key, values.map((_, i) => (whole ? i % 2 : (i % 8) / 4))];
    }),
  );
}

/** Tensors of the state dict under `wrapper`, by name. */
function namedTensors(content: Described, wrapper: string): Map<string, Described> {
  const items = (value: Described) => (value.state ?? value).items as readonly (readonly [string, Described])[];
  const unquote = (key: string) => key.slice(1, -1);
  const found = wrapper === '' ? content : items(content).find(([key]) => unquote(key) === wrapper)?.[1];
  assert.ok(found);
  return new Map(items(found).map(([key, value]) => [unquote(key), value]));
}

function withoutValues(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'values' ? undefined : item)));
}
