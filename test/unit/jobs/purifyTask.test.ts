import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JobProgress, PurifyReport } from '../../../protocol/reports';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { UnsettledArchitectureError } from '../../../server/src/gnn/unrecognised';
import { hashFile } from '../../../server/src/jobs/hashFile';
import { loadModel } from '../../../server/src/jobs/loadModel';
import { purifyModel } from '../../../server/src/jobs/purifyTask';
import { openModel } from '../../../server/src/jobs/runModel';
import type { JobContext, PurifyTask } from '../../../server/src/jobs/tasks';
import { OutputError } from '../../../server/src/jobs/writeWhole';
import { onThreads } from '../../../server/src/tensor/threads';
import { rogueSide, sideFromSource } from '../../support/sideThreads';
import { saveMisread } from '../../support/misread';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

/** All stages of the default method, in few steps. */
const quick = { fineTuneEpochs: 10, teacherRounds: 2, studentRounds: 3 };
const briefly = { method: 'finetune', options: { fineTuneEpochs: 10 } } as const;

const quiet = (): JobContext => ({ signal: new AbortController().signal, progress: () => undefined });

describe('purifyModel', function () {
  this.timeout(120_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  const task = (more: Partial<PurifyTask> = {}): PurifyTask => ({
    kind: 'purify',
    model: workspace().model,
    data: workspace().data,
    output: at('out.pt'),
    holdingRate: 0.2,
    backend: 'graphnad',
    options: quick,
    ...more,
  });

  it('writes a file with the same tensors and reports what it came to', async () => {
    const original = readFileSync(workspace().model);
    const seen: JobProgress[] = [];
    const report = await purifyModel(task({ report: at('out.json') }), {
      ...quiet(),
      progress: (progress) => seen.push(progress),
    });

    const describeTensors = (file: string): string[] =>
      [...readCheckpoint(readFileSync(file), file).tensors.values()].map(
        ({ name, dtype, shape }) => `${name} ${dtype} ${shape.join('x')}`,
      );
    assert.deepEqual(describeTensors(at('out.pt')), describeTensors(workspace().model));
    assert.notDeepEqual(readFileSync(at('out.pt')), original);
    assert.deepEqual(readFileSync(workspace().model), original);

    assert.deepEqual(
      report.stages.map((stage) => stage.name),
      ['before', 'fine-tuned', 'graphnad'],
    );
    assert.equal(report.settings.cleanGraphs, 20);
    assert.equal(report.settings.testGraphs, 24);
    assert.ok(report.curves.some((point) => point.stage === 'teacher'));
    assert.ok(report.curves.some((point) => point.stage === 'student'));
    for (const stage of ['teacher', 'student'] as const) {
      const measured = report.curves.filter((point) => point.stage === stage && point.asr !== undefined);
      assert.ok(measured.length > 1, `attack success over the ${stage}'s training`);
      assert.ok(measured.every(({ asr = -1 }) => asr >= 0 && asr <= 1));
    }
    assert.equal(report.methodTitle, 'GraphNAD');
    for (const { estimated } of report.stages) {
      assert.equal(estimated.accInterval?.count, 24);
      assert.ok(estimated.accInterval.low <= estimated.acc && estimated.acc <= estimated.accInterval.high);
    }
    assert.deepEqual(JSON.parse(readFileSync(at('out.json'), 'utf8')), JSON.parse(JSON.stringify(report)));

    assert.deepEqual(
      [...new Set(seen.map((progress) => progress.stage))],
      ['Search for a trigger', 'Fine-tuning', 'Bounds', 'Teacher', 'Student', 'Re-scan'],
    );
    for (let i = 1; i < seen.length; i++) assert.ok(seen[i].fraction >= seen[i - 1].fraction, `step ${i} goes back`);
    assert.ok(seen.every((progress) => progress.fraction <= 1 + 1e-9));
  });

  it('writes a model of several files as several, none of them the original, or none', async () => {
    const tensors = [...readCheckpoint(readFileSync(workspace().model), 'gin.pt').tensors.values()];
    const shards = [tensors.slice(0, 5), tensors.slice(5)].map((part, i) => {
      const name = `gin-${i}.safetensors`;
      writeFileSync(at(name), createSafetensors(part.map((tensor) => ({ ...tensor, values: tensor.values() }))));
      return part.map((tensor) => [tensor.name, name] as const);
    });
    const model = at('gin.safetensors.index.json');
    writeFileSync(model, JSON.stringify({ weight_map: Object.fromEntries(shards.flat()) }));
    const before = readdirSync(at('.')).map((name) => [name, readFileSync(at(name))] as const);
    const output = at('out.safetensors.index.json');
    const report = await purifyModel(task({ model, output, ...briefly }), quiet());
    for (const [name, content] of before) assert.deepEqual(readFileSync(at(name)), content, name);
    assert.deepEqual(
      readdirSync(at('.')).filter((name) => name.startsWith('out')),
      ['out-0.safetensors', 'out-1.safetensors', 'out.safetensors.index.json'],
    );
    assert.equal(report.outputSha256, await hashFile(output));
    assert.equal(report.sha256, await hashFile(model));
    const { checkpoint } = await loadModel(output);
    assert.deepEqual([...checkpoint.tensors.keys()].sort(), tensors.map(({ name }) => name).sort());

    rmSync(output);
    await assert.rejects(purifyModel(task({ model, output }), quiet()), /out-0\.safetensors: a file of this name/);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const run = async (output: string, seed: number): Promise<Buffer> => {
      await purifyModel(task({ output, seed, ...briefly }), quiet());
      return readFileSync(output);
    };
    const first = await run(at('a.pt'), 5);
    assert.deepEqual(await run(at('b.pt'), 5), first);
    assert.notDeepEqual(await run(at('c.pt'), 6), first);
  });

  describe('with a side thread', () => {
    /** What comes out: the purified file and the report, but for the paths of the files. */
    const outcome = async (
      threads: number,
      context: Partial<JobContext> = {},
      more: Partial<PurifyTask> = {},
    ): Promise<{ bytes: Buffer; report: PurifyReport }> => {
      const output = at(`${threads}.pt`);
      const purifying = task({ output, overwrite: true, ...more });
      const report = await onThreads(threads, () => purifyModel(purifying, { ...quiet(), ...context }));
      return { bytes: readFileSync(output), report: { ...report, output: '', commandLine: '' } };
    };

    it('gives the same bytes and the same report as without, and moves on steadily', async () => {
      const seen: JobProgress[] = [];
      const progress = (value: JobProgress): void => void seen.push(value);
      assert.deepEqual(await outcome(2, { side: sideFromSource, progress }), await outcome(1));
      const shown = [...new Set(seen.map(({ stage }) => stage))];
      assert.deepEqual(shown.slice(0, 3), ['Search for a trigger', 'Fine-tuning', 'Bounds']);
      for (let i = 1; i < seen.length; i++) {
        assert.ok(seen[i].fraction >= seen[i - 1].fraction && seen[i].stageIndex >= seen[i - 1].stageIndex);
      }
      assert.ok(Math.abs(seen[seen.length - 1].fraction - 1) < 1e-9);
    });

    it('does everything without it where it is lost on the way', async () => {
      assert.deepEqual(await outcome(2, { side: rogueSide }, briefly), await outcome(1, {}, briefly));
    });

    it('stops at once when it is cancelled', async () => {
      const controller = new AbortController();
      const progress = ({ stage }: JobProgress): void => {
        if (stage === 'Teacher') controller.abort(new Error('cancelled by the test'));
      };
      const context = { signal: controller.signal, progress, side: sideFromSource };
      await assert.rejects(outcome(2, context), /cancelled by the test/);
      assert.deepEqual(readdirSync(at()), []);
    });
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const controller = new AbortController();
    const running = purifyModel(task(), {
      signal: controller.signal,
      progress: ({ stage }) => {
        if (stage === 'Teacher') controller.abort(new Error('cancelled by the test'));
      },
    });
    await assert.rejects(running, /cancelled by the test/);
    assert.deepEqual(readdirSync(at()), []);
  });

  it('refuses before any work to write over what is there', async () => {
    const never: JobContext = { ...quiet(), progress: () => assert.fail('work was begun') };
    writeFileSync(at('out.pt'), 'precious');
    await assert.rejects(purifyModel(task(), never), OutputError);
    await assert.rejects(purifyModel(task({ output: workspace().model, overwrite: true }), never), OutputError);
    await assert.rejects(purifyModel(task({ output: path.join(at(), 'no', 'folder.pt') }), never), OutputError);
    assert.equal(readFileSync(at('out.pt'), 'utf8'), 'precious');
    await assert.rejects(purifyModel(task({ output: at('out.h5') }), never), /choose a name that ends in/);
    for (const file of readdirSync(workspace().data)) {
      const ofData = path.join(workspace().data, file);
      await assert.rejects(purifyModel(task({ output: ofData, overwrite: true }), never), OutputError);
      await assert.rejects(
        purifyModel(task({ report: ofData, output: at('new.pt'), overwrite: true }), never),
        OutputError,
      );
    }
  });

  it('refuses a model that may be read wrongly, and takes the word of whoever knows it', async () => {
    const model = await saveMisread(workspace().model, at('misread.safetensors'));
    const misread = task({ model, output: at('out.safetensors') });
    const refusal: unknown = await purifyModel(misread, quiet()).catch((error: unknown) => error);
    assert.ok(refusal instanceof UnsettledArchitectureError);
    assert.match(
      refusal.message,
      /not clearly more than always the most frequent class .* "architecture": \{.*"readout"/,
    );
    assert.deepEqual(readdirSync(at()), ['misread.safetensors']);
    const believed = await openModel({ ...misread, architecture: refusal.assumed });
    believed.model.dispose();
    assert.equal(believed.unsettled, undefined);
  });

  it('names a clean set that is too small', async () => {
    await assert.rejects(purifyModel(task({ cleanIds: [0, 1] }), quiet()), { name: 'CleanSetError' });
    assert.deepEqual(readdirSync(at()), []);
  });
});
