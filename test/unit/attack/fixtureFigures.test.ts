import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { accuracy, attackMetrics } from '../../../server/src/attack/metrics';
import { parseTriggerFile } from '../../../server/src/attack/triggerFile';
import { triggeredGraphs } from '../../../server/src/attack/triggeredGraphs';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import type { Graph } from '../../../server/src/graph/graph';
import { selectBackend } from '../../../server/src/tensor/backend';
import { sharedOrSkip } from '../../support/shared';

interface Fixture {
  readonly features: 'labels' | 'labels-dense';
  readonly splits: { readonly test: number[] };
  readonly measured: Readonly<Record<'acc' | 'asr' | 'flipAsr' | 'cleanTargetRate', number>>;
}

const attacked = [
  ['AIDS', 'aids-gin-gta-s0'],
  ['AIDS', 'aids-gin-feature-s0'],
  ['PROTEINS', 'proteins-gin-subgraph-s0'],
  ['DHFR', 'dhfr-gin-subgraph-s0'],
];

describe('true figures of the fixture models', function () {
  this.timeout(60_000);
  before(() => selectBackend('graphnad'));
  for (const [data, name] of attacked) {
    it(`${name}: accuracy and attack success are those that PyTorch measured`, async function () {
      const file = sharedOrSkip(this, 'fixtures', 'models', `${name}.pt`);
      const dataset = await loadDataset(sharedOrSkip(this, 'data', 'tu', data));
      const json = readFileSync(path.join(path.dirname(file), `${name}.json`), 'utf8');
      const { features, splits, measured } = JSON.parse(json) as Fixture;
      const { graphs, layout } = encodeDataset(dataset, features);
      const { tensors } = readCheckpoint(readFileSync(file), file);
      const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
      try {
        const predict = (chosen: readonly Graph[]): Int32Array => argmaxRows(predictLogits(model, chosen, layout), 2);
        const test = splits.test.map((id) => graphs[id]);
        const trigger = parseTriggerFile(json, name);
        const triggered = triggeredGraphs(trigger, graphs, splits.test, layout, 2, name);
        const clean = predict(triggered.ids.map((id) => graphs[id]));
        const { asr, flipAsr, cleanTargetRate } = attackMetrics(clean, predict(triggered.graphs), trigger.target);
        const classes = test.map((graph) => graph.classLabel);
        const acc = accuracy(predict(test), classes);
        const rounded = Object.entries({ acc, asr, flipAsr, cleanTargetRate }).map(([key, share]) => [
          key,
          Math.round(1e4 * (share ?? NaN)) / 1e4,
        ]);
        assert.deepEqual(Object.fromEntries(rounded), measured);
      } finally {
        model.dispose();
      }
    });
  }
});
