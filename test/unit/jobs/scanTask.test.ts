import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ScanReport } from '../../../protocol/reports';
import { createPyTorchCheckpoint } from '../../../server/src/checkpoint/createCheckpoint';
import type { NewTensor } from '../../../server/src/checkpoint/newTensor';
import { scanLargeModel, scanModel } from '../../../server/src/jobs/scanTask';
import type { ScanTask } from '../../../server/src/jobs/tasks';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { saveMisread } from '../../support/misread';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('scanModel', function () {
  this.timeout(60_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  const scan = (task: Partial<ScanTask>): Promise<ScanReport> =>
    scanModel(
      { kind: 'scan', model: workspace().model, backend: 'graphnad', ...task },
      { signal: new AbortController().signal, progress: () => undefined },
    );
  const codes = (report: ScanReport): string[] => report.findings.map((finding) => finding.code);

  it('assesses a readable model with fitting data, the same way twice', async () => {
    const report = await scan({ data: workspace().data });
    assert.notEqual(report.backdoor.kind, 'not-assessed');
    assert.equal(report.architecture?.hidden, 16);
    assert.equal(report.settings.features, 'labels');
    assert.equal(report.settings.cleanGraphs, 96, 'all that there are');
    assert.deepEqual(await scan({ data: workspace().data }), report);
  });

  it('says that there are no data, not that the model is clean', async () => {
    const report = await scan({});
    assert.deepEqual(codes(report), ['GN904']);
    assert.equal(report.backdoor.kind, 'not-assessed');
  });

  it('looks at made-up graphs where it is asked to and there are no data', async () => {
    const report = await scan({ madeUpGraphs: true });
    assert.notEqual(report.backdoor.kind, 'no-sign');
    assert.ok((report.backdoor.evidence?.syntheticGraphs ?? 0) >= 10);
    assert.equal(report.settings.backend, 'graphnad');
    assert.match(report.architectureNotes.join(' '), /guessed from the size of the logits/);
    assert.deepEqual(await scan({ madeUpGraphs: true }), report);
    const withData = await scan({ data: workspace().data, madeUpGraphs: true });
    assert.equal(withData.backdoor.evidence?.syntheticGraphs, undefined);
  });

  it('calls the graphs that show how attention concentrates by their ids in the data set', async () => {
    const cleanIds = Array.from({ length: 40 }, (_, i) => 60 + i);
    const report = await scan({ data: workspace().data, cleanIds });
    const examples = report.backdoor.evidence?.attention.flatMap((layer) => layer.examples) ?? [];
    assert.ok(examples.length > 0);
    for (const { graph } of examples) assert.ok(cleanIds.includes(graph), `graph ${graph}`);
  });

  it('reports code and does not stop there', async () => {
    writeFileSync(at('evil.pt'), maliciousCheckpoint());
    const report = await scan({ model: at('evil.pt'), data: workspace().data });
    assert.equal(codes(report)[0], 'GN101');
    assert.match(report.findings[0].message, /os\.system/);
    assert.equal(report.backdoor.kind, 'not-assessed');
    assert.ok(codes(report).some((code) => code.startsWith('GN9')));
  });

  it('looks at code alone when asked', async () => {
    const report = await scan({ codeOnly: true });
    assert.deepEqual(codes(report), []);
    assert.equal(report.backdoor.kind, 'not-assessed');
  });

  it('is not silent about a file whose code could not be looked at', async () => {
    writeFileSync(at('pointer.pt'), 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 113666\n');
    assert.deepEqual(codes(await scan({ model: at('pointer.pt'), codeOnly: true })), ['GN901']);
  });

  it('names what cannot be read or recognised', async () => {
    writeFileSync(at('cut.pt'), readFileSync(workspace().model).subarray(0, 2000));
    assert.ok(codes(await scan({ model: at('cut.pt'), data: workspace().data })).includes('GN901'));

    const tensor = { name: 'weight', dtype: 'float32' as const, shape: [2, 2], values: [1, 2, 3, 4] };
    writeFileSync(at('mlp.pt'), createPyTorchCheckpoint([tensor]));
    const report = await scan({ model: at('mlp.pt'), data: workspace().data });
    assert.deepEqual(codes(report), ['GN902']);
    assert.equal(report.format, 'pytorch-zip');
  });

  it('says so where a model does not classify graphs', async () => {
    const matrix = (name: string, ...shape: [number, number]): NewTensor => ({
      ...{ name, dtype: 'float32', shape, values: new Float32Array(shape[0] * shape[1]).fill(0.1) },
    });
    const vector = (name: string, width: number): NewTensor => ({ ...matrix(name, 1, width), shape: [width] });
    const conv = (i: number, inputs: number, outputs: number): NewTensor[] => [
      matrix(`convs.${i}.lin.weight`, outputs, inputs),
      vector(`convs.${i}.bias`, outputs),
    ];
    const models = {
      'nodes.pt': [...conv(0, 5, 8), ...conv(1, 8, 3)],
      'number.pt': [...conv(0, 5, 8), ...conv(1, 8, 8), matrix('lin.weight', 1, 8), vector('lin.bias', 1)],
    };
    for (const [name, tensors] of Object.entries(models)) {
      writeFileSync(at(name), createPyTorchCheckpoint(tensors));
      const report = await scan({ model: at(name), data: workspace().data });
      assert.deepEqual(codes(report), ['GN903'], name);
      assert.equal(report.backdoor.kind, 'not-assessed');
    }
  });

  it('does not judge a model that may be read wrongly', async () => {
    const model = await saveMisread(workspace().model, at('misread.safetensors'));
    const report = await scan({ model, data: workspace().data });
    assert.deepEqual(codes(report), ['GN905']);
    assert.ok(report.backdoor.kind === 'not-assessed' && report.backdoor.evidence === undefined);
    assert.match(report.backdoor.reason, /what is assumed may be wrong/);
  });

  it('names data that do not fit', async () => {
    mkdirSync(at('empty'));
    const without = await scan({ data: at('empty') });
    assert.deepEqual(codes(without), ['GN904']);
    assert.deepEqual([without.format, without.architecture?.hidden], ['pytorch-zip', 16]);
    const wrongWidth = await scan({ data: workspace().data, features: 'constant' });
    assert.notEqual(wrongWidth.backdoor.kind, 'likely');
    const few = await scan({ data: workspace().data, cleanIds: [0, 1, 2] });
    assert.deepEqual(codes(few), ['GN905']);
  });

  it('fails loudly where there is no such file', async () => {
    await assert.rejects(scan({ model: at('none.pt') }), /none\.pt: there is no such file/);
  });

  it('looks at the code of a model that is too large to be run, and says so', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const { signal } = new AbortController();
    const report = await scanLargeModel({ kind: 'scan', model: at('bad.pt') }, { signal });
    const whole = await scan({ model: at('bad.pt'), codeOnly: true });
    assert.deepEqual(codes(report), [...codes(whole), 'GN901']);
    assert.match(JSON.stringify(report.backdoor), /more than can be read at once; its code was looked at/);
    assert.deepEqual([report.sha256, report.bytes], [whole.sha256, whole.bytes]);
    assert.deepEqual(
      codes(await scanLargeModel({ kind: 'scan', model: at('bad.pt'), codeOnly: true }, { signal })),
      codes(whole),
    );
  });

  it('tells no hash of one file with the code of another', async () => {
    const { signal } = new AbortController();
    const scanLarge = (name: string) => scanLargeModel({ kind: 'scan', model: at(name), codeOnly: true }, { signal });
    writeFileSync(at('other.pt'), readFileSync(workspace().model));
    writeFileSync(at('swapped.pt'), maliciousCheckpoint());
    const scanning = scanLarge('swapped.pt');
    // Its reading has begun, and its hash is not known.
    renameSync(at('other.pt'), at('swapped.pt'));
    await assert.rejects(scanning, /swapped\.pt: it changed while it was read/);
    assert.deepEqual(codes(await scanLarge('swapped.pt')), []);
  });
});
