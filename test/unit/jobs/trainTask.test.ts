import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { JobProgress } from '../../../protocol/reports';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { evaluateModel } from '../../../server/src/jobs/evaluateTask';
import { trainModel, type TrainReport, type TrainRun } from '../../../server/src/jobs/trainTask';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('trainModel', function () {
  this.timeout(30_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();
  const run = (changed: Partial<TrainRun> = {}): TrainRun => ({
    data: workspace().data,
    architecture: { layers: 2, hidden: 16 },
    training: { epochs: 15, learningRate: 0.01 },
    output: at('model.pt'),
    ...changed,
  });
  const train = (
    changed?: Partial<TrainRun>,
    progress: (p: JobProgress) => void = () => undefined,
  ): Promise<TrainReport> => trainModel(run(changed), { signal: new AbortController().signal, progress });

  it('writes a model and a report with the figures that evaluate gives', async () => {
    const tensors = tf.memory().numTensors;
    const progress: JobProgress[] = [];
    const report = await train({ report: at('report.json') }, (p) => progress.push(p));
    assert.deepEqual(JSON.parse(readFileSync(at('report.json'), 'utf8')), JSON.parse(JSON.stringify(report)));
    const { acc, testGraphs } = await evaluateModel({ model: at('model.pt'), data: workspace().data });
    assert.deepEqual([report.acc, report.data.testGraphs], [acc, testGraphs]);
    assert.ok(report.trainAcc > 0.7, `accuracy ${report.trainAcc}`);
    assert.deepEqual([report.data.features, report.data.trainGraphs], ['labels', workspace().graphs - testGraphs]);
    assert.equal(progress[14].fraction, 1);
    const { tensors: written } = readCheckpoint(readFileSync(at('model.pt')), 'model.pt');
    assert.ok(written.has('convs.1.nn.3.weight') && written.has('lin.bias'));
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('writes the same bytes from the same seed, whatever the kind', async () => {
    for (const kind of ['gin', 'gcn', 'gat', 'gatv2', 'sage'] as const) {
      const bytes = async (file: string, seed: number): Promise<Buffer> => {
        const architecture = { kind, layers: 1, hidden: 8, readout: 'max' } as const;
        await train({ architecture, training: { epochs: 1 }, output: at(file), seed });
        return readFileSync(at(file));
      };
      const first = await bytes(`${kind}-first.pt`, 1);
      assert.deepEqual(await bytes(`${kind}-second.pt`, 1), first);
      assert.notDeepEqual(await bytes(`${kind}-third.pt`, 2), first);
    }
  });

  it('holds back what it is told to', async () => {
    const { data } = await train({ testIds: [0, 1, 2], training: { epochs: 1 } });
    assert.deepEqual([data.testGraphs, data.trainGraphs], [3, workspace().graphs - 3]);
  });

  it('refuses to replace a file unless asked to, before any work', async () => {
    writeFileSync(at('model.pt'), 'mine');
    await assert.rejects(
      train({}, () => assert.fail('it went to work')),
      { name: 'OutputError' },
    );
    assert.equal(readFileSync(at('model.pt'), 'utf8'), 'mine');
    await assert.rejects(train({ output: at('other.pt'), report: at('model.pt') }), { name: 'OutputError' });
    await train({ overwrite: true, training: { epochs: 1 } });
    assert.notEqual(readFileSync(at('model.pt'), 'utf8'), 'mine');
  });

  it('writes two results to two files, even where it may replace files', async () => {
    const again = { name: 'OutputError', message: /another result of this run goes to this file/ };
    const same = { output: at('model.pt'), report: at('.', 'model.pt'), overwrite: true };
    await assert.rejects(train(same), again);
    assert.equal(existsSync(at('model.pt')), false);
  });

  it('writes over nothing that it reads, even where it may replace files', async () => {
    const input = { name: 'OutputError', message: /this is the input file, which is never changed/ };
    const labels = `${workspace().data}/TINY_graph_labels.txt`;
    const before = readFileSync(labels, 'utf8');
    await assert.rejects(train({ output: labels, overwrite: true }), input);
    assert.equal(readFileSync(labels, 'utf8'), before);
    writeFileSync(at('ids.json'), '[0, 1]');
    const held = { testIds: [0, 1], inputs: [at('ids.json')] };
    await assert.rejects(train({ ...held, report: at('ids.json'), overwrite: true }), input);
    assert.equal(readFileSync(at('ids.json'), 'utf8'), '[0, 1]');
  });

  it('refuses data of one class: there is nothing to tell apart', async () => {
    cpSync(workspace().data, at('TINY'), { recursive: true });
    const labels = at('TINY', 'TINY_graph_labels.txt');
    writeFileSync(labels, readFileSync(labels, 'utf8').replaceAll(/\S+/g, '1'));
    await assert.rejects(train({ data: at('TINY') }), {
      name: 'DatasetError',
      message: /TINY: all of its graphs belong to one class/,
    });
    assert.equal(existsSync(at('model.pt')), false);
  });

  it('writes no model that training has ruined', async () => {
    const tensors = tf.memory().numTensors;
    const training = { epochs: 3, learningRate: 1e30 };
    await assert.rejects(train({ training }), { name: 'TrainingDivergedError' });
    assert.equal(existsSync(at('model.pt')), false);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('writes nothing when aborted', async () => {
    const tensors = tf.memory().numTensors;
    const controller = new AbortController();
    const progress = (): void => controller.abort();
    await assert.rejects(trainModel(run(), { signal: controller.signal, progress }), { name: 'AbortError' });
    assert.equal(existsSync(at('model.pt')), false);
    assert.equal(tf.memory().numTensors, tensors);
  });
});
