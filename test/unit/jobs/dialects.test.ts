import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { Tensor } from '../../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../server/src/checkpoint/rewriteCheckpoint';
import { encodeDataset } from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { purify, type PurifyInput } from '../../../server/src/defense/purify';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import type { FeatureLayout, Graph } from '../../../server/src/graph/graph';
import { probeRunner } from '../../../server/src/scan/signals/averagedSignals';
import { selectBackend } from '../../../server/src/tensor/backend';
import { dialectModels } from '../../support/dialects';
import { ogbFolder, ogbModels, ogbMolecules } from '../../support/ogb';
import { sharedOrSkip } from '../../support/shared';

/** Those whose names say what they are. */
const recognised = dialectModels.filter(({ file }) => !/^other/.test(file));

/** As short as it gets: what is tested is that everything is there, not that it suffices. */
const quick: PurifyInput['options'] = {
  ...{ fineTuneEpochs: 1, teacherRounds: 1, studentRounds: 1, teacherEpochs: 1, studentEpochs: 1 },
  ...{ poolSize: 12, batch: 12, relationGraphs: 4 },
};

/** Moves the last bias so that a model trained for a few steps puts half of the graphs into each class. */
function balance(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): Graph[] {
  const logits = predictLogits(model, graphs, layout);
  const margins = graphs.map((_, i) => logits[2 * i + 1] - logits[2 * i]);
  const ranked = [...margins].sort((a, b) => a - b);
  const middle = (ranked[graphs.length / 2 - 1] + ranked[graphs.length / 2]) / 2;
  const { bias } = model.linearLayers().at(-1) ?? assert.fail('no output layer');
  tf.tidy(() => bias.assign(tf.add(bias, tf.tensor1d([middle, 0]))));
  return graphs.map((graph, i) => ({ ...graph, classLabel: margins[i] > middle ? 1 : 0 }));
}

interface CleanGraphs {
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
}

async function assertPurified(
  file: string,
  architecture: ArchitectureOverride,
  { graphs, layout }: CleanGraphs,
): Promise<void> {
  const original = readFileSync(file);
  const { tensors } = readCheckpoint(original, file);
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, architecture));
  const clean = balance(model, graphs, layout);
  const subject = { model, clean, layout, seed: 0, signal: new AbortController().signal };
  const { rho, gain } = await probeRunner(subject)(0);
  assert.ok(rho.length === 2 && Number.isFinite(gain));
  const { student, disposeModels } = await purify({ ...subject, options: quick, onProgress: () => undefined });
  const purified = student.exportTensors();
  disposeModels();
  model.dispose();
  const { tensors: written } = readCheckpoint(rewriteCheckpoint(original, file, purified).bytes, file);
  assert.deepEqual([...written.keys()], [...tensors.keys()]);
  const values = (of: ReadonlyMap<string, Tensor>): number[] =>
    [...of.values()].flatMap((tensor) => [...tensor.values()]);
  assert.ok(values(written).every(Number.isFinite));
  assert.notDeepEqual(values(written), values(tensors));
}

const fixtures = path.join(__dirname, '../../fixtures/dialects');

/** One of the probes that a scan makes, which runs all that is particular to a model; the rest takes most of the time. */
describe('models of all dialects', function () {
  this.timeout(60_000);
  let graphs: readonly Graph[];
  let layout: FeatureLayout;

  before(async function () {
    const folder = sharedOrSkip(this, 'data', 'tu');
    await selectBackend('graphnad');
    const encoded = encodeDataset(await loadDataset(path.join(folder, 'AIDS')), 'labels');
    layout = encoded.layout;
    graphs = encoded.graphs.filter((_, i) => i % 160 === 3).slice(0, 12);
  });

  for (const { file, architecture } of recognised) {
    it(`${file} is probed as in a scan, purified and written back`, () =>
      assertPurified(path.join(fixtures, file), architecture, { graphs, layout }));
  }
});

describe("models of OGB's examples for molecules", function () {
  this.timeout(60_000);
  before(() => selectBackend('graphnad'));

  for (const { file, settings } of ogbModels) {
    it(`${file} is probed as in a scan, purified and written back`, async () => {
      const { graphs, layout } = await ogbMolecules();
      await assertPurified(path.join(ogbFolder, file), settings, { graphs: graphs.slice(0, 12), layout });
    });
  }
});
