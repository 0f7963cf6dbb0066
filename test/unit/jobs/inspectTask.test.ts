import assert from 'node:assert/strict';
import { ftruncateSync, openSync, closeSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { createPyTorchCheckpoint, createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { hashFile } from '../../../server/src/jobs/hashFile';
import { ModelChangedError, tensorStatistics } from '../../../server/src/jobs/inspectStatistics';
import { inspectModel } from '../../../server/src/jobs/inspectTask';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

const unaborted = { signal: new AbortController().signal };

describe('inspectModel', () => {
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();

  it('describes a recognised model: its tensors, and its parts from input to output', async () => {
    const { model } = tiny();
    const inspection = await inspectModel({ model });
    assert.equal(inspection.format, 'pytorch-zip');
    assert.equal(inspection.sha256, await hashFile(model));
    assert.equal(inspection.architecture?.kind, 'gin');
    assert.deepEqual(
      inspection.parts.map(({ title, layer }) => [title, layer]),
      [
        ['GIN layer 1', 1],
        ['GIN layer 2', 2],
        ['Readout', undefined],
        ['Classifier', undefined],
      ],
    );
    const modules = inspection.parts.flatMap((part) => part.modules);
    for (const { name } of inspection.tensors) {
      assert.ok(
        modules.some((module) => name === module || name.startsWith(`${module}.`)),
        name,
      );
    }
    assert.deepEqual([inspection.findings, inspection.notes], [[], []]);
  });

  it('lists tensors that cannot be read with the reason, and the rest of the file all the same', async () => {
    Samples.copy('pytorch', at('.'));
    const inspection = await inspectModel({ model: at('legacy-types.pt') });
    assert.equal(inspection.format, 'pytorch-legacy');
    assert.deepEqual(inspection.unreadTensors, [
      { name: 'spectrum', reason: 'its storage class ComplexFloatStorage is not read' },
    ]);
    assert.ok(inspection.tensors.length > 3);
    assert.match(inspection.notes.join(), /cannot be scanned for backdoors: spectrum \(its storage class/);
    assert.equal(inspection.codeSafety, 'safe');
  });

  it('counts the bytes of all files of a model', async () => {
    Samples.copy('pytorch', at('.'));
    const index = at('model.safetensors.index.json');
    const { bytes, sha256, tensors } = await inspectModel({ model: index });
    const shards = ['00001', '00002'].map((number) => at(`model-${number}-of-00002.safetensors`));
    assert.equal(
      bytes,
      [index, ...shards].reduce((sum, file) => sum + statSync(file).size, 0),
    );
    assert.equal(sha256, undefined, 'it takes reading the shards whole');
    const [{ name }] = tensors;
    const { version } = await inspectModel({ model: index });
    const [figures] = await tensorStatistics(
      { kind: 'tensor-statistics', model: index, version, names: [name] },
      unaborted,
    );
    assert.ok('sampled' in figures && figures.sampled > 0);
  });

  it('shows the beginning of long metadata, and of many', async () => {
    const tensor = { name: 'x', dtype: 'float32' as const, shape: [1], values: [1] };
    const many = Array.from({ length: 1200 }, (_, i): [string, string] => [`key ${i}`, 'value']);
    writeFileSync(at('m.safetensors'), createSafetensors([tensor], Object.fromEntries([['long', 'a'.repeat(20_000)], ...many]))); // prettier-ignore
    const { metadata } = await inspectModel({ model: at('m.safetensors') });
    assert.equal(Object.keys(metadata).length, 1000);
    assert.ok(Object.values(metadata).every(({ length }) => length < 10_100));
    assert.ok(Object.values(metadata).some((text) => text.endsWith('... (20,000 characters)')));
  });

  it('groups the tensors of an unknown model by module', async () => {
    const names = [
      'encoder.layers.0.a.weight',
      'encoder.layers.0.b.weight',
      'encoder.layers.1.a.weight',
      'head.weight',
      'x',
    ];
    const tensors = names.map((name) => ({ name, dtype: 'float32' as const, shape: [1], values: [1] }));
    writeFileSync(at('m.safetensors'), createSafetensors(tensors, { made: 'here' }));
    const { parts, architectureNotes, metadata } = await inspectModel({ model: at('m.safetensors') });
    assert.deepEqual(
      parts.map(({ title, steps }) => [title, steps[0]]),
      [
        ['encoder.layers.0', '2 tensors'],
        ['encoder.layers.1', '1 tensor'],
        ['head', '1 tensor'],
        ['x', '1 tensor'],
      ],
    );
    assert.match(architectureNotes[0], /^Not recognised: /);
    assert.deepEqual(metadata, { made: 'here' });
  });

  it('says why a file cannot be read, and what loading it would run all the same', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const malicious = await inspectModel({ model: at('bad.pt') });
    assert.ok(malicious.findings.some(({ code }) => code === 'GN101'));
    assert.equal(malicious.codeSafety, 'dangerous');
    writeFileSync(at('text.bin'), 'no model');
    const text = await inspectModel({ model: at('text.bin') });
    assert.match(text.unreadable?.reason ?? '', /neither a PyTorch checkpoint nor safetensors/);
    assert.deepEqual(text.tensors, []);
    await assert.rejects(inspectModel({ model: at('missing.pt') }), CheckpointError);
    await assert.rejects(inspectModel({ model: at() }), /this is a folder/);
  });

  it('opens a file of gigabytes at the cost of its header, and takes samples of its values', async () => {
    const model = at('huge.safetensors');
    const count = 750_000_000;
    const header = Buffer.from(JSON.stringify({ big: { dtype: 'F32', shape: [count], data_offsets: [0, 4 * count] } }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = openSync(model, 'w');
    writeSync(file, Buffer.concat([length, header]));
    ftruncateSync(file, 8 + header.length + 4 * count);
    closeSync(file);
    const before = process.memoryUsage().rss;
    const inspection = await inspectModel({ model });
    assert.equal(inspection.bytes, 8 + header.length + 4 * count);
    assert.equal(inspection.sha256, undefined);
    assert.match(inspection.notes[0], /checksums of tensor data were not compared/);
    assert.deepEqual(inspection.tensors, [{ name: 'big', dtype: 'float32', shape: [count], bytes: 4 * count }]);
    const task = { kind: 'tensor-statistics', model, version: inspection.version, names: ['big'] } as const;
    const [figures] = await tensorStatistics(task, unaborted);
    assert.ok('sampled' in figures && figures.elements === count && figures.sampled === 2 ** 20);
    assert.ok(process.memoryUsage().rss - before < 150e6);
  });

  it('does not read a large model to the end only to recognise it', async () => {
    const weight = { name: 'convs.0.nn.0.weight', dtype: 'float32' as const, shape: [4500, 4000] };
    const values = new Float32Array(18_000_000);
    const small = (name: string, shape: number[]) => ({
      ...{ name, dtype: 'float32' as const, shape },
      values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
    });
    writeFileSync(
      at('wide.pt'),
      createPyTorchCheckpoint([
        { ...weight, values },
        ...[
          small('convs.0.nn.0.bias', [4500]),
          small('convs.0.nn.2.weight', [8, 4500]),
          small('convs.0.nn.2.bias', [8]),
        ],
        ...[small('lin.weight', [2, 8]), small('lin.bias', [2])],
      ]),
    );
    const { architecture, architectureNotes } = await inspectModel({ model: at('wide.pt') });
    assert.equal(architecture, undefined);
    assert.match(architectureNotes[0], /takes reading all values/);
  });
});

describe('tensorStatistics', () => {
  const at = useTmpFolder();

  it('counts what is not finite, and measures the rest', async () => {
    const model = at('m.pt');
    const values = [NaN, Infinity, -Infinity, 3, -4, 0, 0];
    const none = { name: 'none', dtype: 'float32' as const, shape: [0], values: [] };
    const same = { name: 'same', dtype: 'int64' as const, shape: [3], values: [5, 5, 5] };
    writeFileSync(model, createPyTorchCheckpoint([{ name: 'a', dtype: 'float32', shape: [7], values }, none, same]));
    const { version } = await inspectModel({ model });
    const names = ['same', 'a', 'none', 'other'];
    const [steady, mixed, empty, missing] = await tensorStatistics(
      { kind: 'tensor-statistics', model, version, names },
      unaborted,
    );
    assert.ok('finite' in mixed && mixed.finite && 'finite' in steady && steady.finite);
    assert.deepEqual([mixed.notANumber, mixed.infinite, mixed.sampled], [1, 2, 7]);
    assert.deepEqual([mixed.finite.min, mixed.finite.max, mixed.finite.mean, mixed.finite.norm], [-4, 3, -0.25, 5]);
    assert.equal(
      mixed.finite.histogram.counts.reduce((sum, count) => sum + count, 0),
      4,
    );
    assert.equal(mixed.finite.histogram.counts[0], 1);
    assert.deepEqual(steady.finite.histogram, { from: 5, to: 5, counts: [3] });
    assert.deepEqual(empty, { name: 'none', elements: 0, sampled: 0, notANumber: 0, infinite: 0 });
    assert.deepEqual(missing, { name: 'other', problem: 'there is no such tensor' });
  });

  it('refuses a file that is another one now, and stops when it is cancelled', async () => {
    const model = at('m.pt');
    const tensor = { name: 'a', dtype: 'float32' as const, shape: [1], values: [1] };
    writeFileSync(model, createPyTorchCheckpoint([tensor]));
    const { version } = await inspectModel({ model });
    const task = { kind: 'tensor-statistics', model, version, names: ['a'] } as const;
    await assert.rejects(tensorStatistics(task, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    writeFileSync(model, createPyTorchCheckpoint([{ ...tensor, values: [2] }]));
    await assert.rejects(tensorStatistics(task, unaborted), ModelChangedError);
  });
});
