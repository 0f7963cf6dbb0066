import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { injectTrigger } from '../../../server/src/attack/inject';
import { drawTrigger } from '../../../server/src/attack/triggerPrior';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { HostRuns } from '../../../server/src/scan/hostRuns';
import { measureRanges, runWithReach } from '../../../server/src/scan/modelRuns';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { assertClose } from '../defense/assertClose';
import { cleanGraphs, layout } from './handMade';

/** Rings of so many nodes: small ones take full passes, large ones are answered locally. */
const hosts = [12, 300, 99, 100, 20].map((nodes, g) =>
  graphOf(nodes, {
    edges: Array.from({ length: nodes }, (_, v) => [v, (v + 1) % nodes] as const),
    labels: Array.from({ length: nodes }, (_, v) => (v * (g + 2)) % 3),
  }),
);

describe('HostRuns', () => {
  let model: GraphModel;
  before(async () => {
    await selectBackend('graphnad');
    const { width: inputs } = layout;
    model = GraphModel.random(
      { kind: 'gin', layers: 3, hidden: 16, inputs, classes: 2, readout: 'sum', batchNorm: true, eps: [0, 0.5, 0] },
      new Rng(1),
    );
  });
  after(() => model.dispose());

  it('gives every triggered host the logits and reach of a full pass, whatever its size, and leaves no tensor behind', async () => {
    const rng = new Rng(3);
    const marginal = Float64Array.of(0.4, 0.4, 0.2);
    const triggers = Array.from({ length: 40 }, () => drawTrigger(rng, marginal, { newNodesShare: 0.2 }));
    const before = tf.memory().numTensors;
    const runs = new HostRuns(model, hosts, layout);
    const logits = await runs.logits(triggers, new Rng(4));
    const fractions: number[] = [];
    const ranges = await measureRanges(model, hosts, layout, [0, 2]);
    const progress = (fraction: number): number => fractions.push(fraction);
    const both = await runs.withReach(triggers, new Rng(4), ranges, { progress });
    assert.deepEqual(both.logits, logits);
    assert.equal(fractions.at(-1), 1);
    assert.deepEqual(
      [...fractions].sort((a, b) => a - b),
      fractions,
      'progress never goes back',
    );
    runs.dispose();
    assert.equal(tf.memory().numTensors, before);
    const sameDraws = new Rng(4);
    const triggered = triggers.flatMap((trigger) => hosts.map((host) => injectTrigger(host, trigger, sameDraws)));
    assertClose(logits, predictLogits(model, triggered, layout), 'logits', 1e-5);
    const { reach } = await runWithReach(model, triggered, layout, ranges);
    reach.forEach((expected, layer) => assertClose(both.reach[layer], expected, `reach of layer ${layer}`, 1e-5));
  });

  for (const [kind, readout] of [
    ['gcn', 'mean'],
    ['gin', 'max'],
  ] as const) {
    it(`gives large hosts full passes where the model is no GIN that sums: ${kind}, ${readout}`, async () => {
      const size = { layers: 2, hidden: 8, inputs: layout.width, classes: 2 };
      const other = GraphModel.random({ kind, readout, batchNorm: true, ...size }, new Rng(1));
      const triggers = [drawTrigger(new Rng(3), Float64Array.of(0.4, 0.4, 0.2))];
      const before = tf.memory().numTensors;
      const runs = new HostRuns(other, hosts, layout);
      const logits = await runs.logits(triggers, new Rng(4));
      runs.dispose();
      assert.equal(tf.memory().numTensors, before);
      const sameDraws = new Rng(4);
      const triggered = hosts.map((host) => injectTrigger(host, triggers[0], sameDraws));
      assertClose(logits, predictLogits(other, triggered, layout), 'logits', 1e-5);
      other.dispose();
    });
  }

  it('stops when told to, with large hosts and with small ones', async () => {
    const trigger = drawTrigger(new Rng(1), new Float64Array(0));
    for (const graphs of [cleanGraphs(4), hosts.slice(1, 2)]) {
      const runs = new HostRuns(model, graphs, layout);
      await assert.rejects(runs.logits([trigger], new Rng(1), { signal: AbortSignal.abort() }), { name: 'AbortError' });
      runs.dispose();
    }
  });
});
