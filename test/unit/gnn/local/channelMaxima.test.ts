import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { ChannelMaxima } from '../../../../server/src/gnn/local/channelMaxima';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';

const width = 3;

describe('ChannelMaxima', () => {
  before(() => selectBackend('graphnad'));

  it('has the largest values of the nodes that are not left out, however many are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 0.2, 0.9, 0.99, 1), (seed, share) => {
        const rng = new Rng(seed);
        const sizes = [rng.integer(5), 1 + rng.integer(700), 1 + rng.integer(60)];
        const offsets = Int32Array.of(0, sizes[0], sizes[0] + sizes[1], sizes[0] + sizes[1] + sizes[2]);
        const nodes = offsets[3];
        // Few distinct values, as ReLU leaves many zeros.
        const values = Float32Array.from({ length: nodes * width }, () => Math.max(0, rng.integer(90) - 20));
        const rows = tf.tensor2d(values, [nodes, width]);
        const maxima = new ChannelMaxima(rows, offsets);
        // The nodes of the largest values go first, which uses up rankings.
        const order = [...Array(nodes).keys()].sort((u, v) => values[v * width] - values[u * width]);
        const out = new Set(order.slice(0, Math.round(share * nodes)));
        sizes.forEach((size, graph) => {
          const kept = Array.from({ length: size }, (_, i) => offsets[graph] + i).filter((node) => !out.has(node));
          const expected = Array.from({ length: width }, (_, j) => Math.max(...kept.map((v) => values[v * width + j])));
          assert.deepEqual([...maxima.without(graph, (node) => out.has(node))], expected);
        });
        rows.dispose();
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});
