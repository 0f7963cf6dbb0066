import assert from 'node:assert/strict';
import fc from 'fast-check';
import type * as tf from '@tensorflow/tfjs-core';
import { collate } from '../../../server/src/graph/batch';
import type { FeatureLayout, Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { aggregate, aggregateComposed, propagate } from '../../../server/src/tensor/aggregate';
import { arbitraryGraph, graphOf } from '../../support/graphs';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

const layout: FeatureLayout = { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 };

for (const backend of ['cpu', 'graphnad'] as const) {
  describe(`aggregate on ${backend}`, () => {
    async function check(graphs: readonly Graph[], width: number, selfWeight: number, bounded: boolean): Promise<void> {
      const batch = collate(graphs, layout);
      const rng = new Rng(width);
      const h = randomValues(rng, batch.nodeCount, width);
      const upper = bounded ? Float32Array.from({ length: width }, () => rng.between(-0.5, 1.5)) : undefined;
      const fused = await evaluateOn(backend, [h], (x) => aggregate(x as tf.Tensor2D, batch, selfWeight, upper));
      const composed = await evaluateOn('cpu', [h], (x) =>
        aggregateComposed(x as tf.Tensor2D, batch, selfWeight, upper),
      );
      assertClose(fused.value, composed.value, 'value', 1e-5);
      assertClose(fused.gradients[0], composed.gradients[0], 'gradient', 1e-5);
    }

    it('equals gathering and summing, gradients included, for any graphs, widths, weights and bounds', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(arbitraryGraph, { minLength: 1, maxLength: 5 }),
          fc.integer({ min: 1, max: 11 }),
          fc.constantFrom(1, 0.7, 0),
          fc.boolean(),
          check,
        ),
        { seed: 3, numRuns: 40 },
      );
    });

    it('only weighs the own row where there are no edges', async () => {
      await check([graphOf(1), graphOf(3)], 5, 1.5, false);
    });
  });
}

describe('propagate', () => {
  it('sums the own row and the neighbours: a path of three nodes', () => {
    const adjacency = { rowOffsets: Int32Array.of(0, 1, 3, 4), columns: Int32Array.of(1, 0, 2, 1) };
    const y = new Float32Array(3);
    propagate(Float32Array.of(1, 10, 100), 1, adjacency, { selfWeight: 2 }, y);
    assert.deepEqual([...y], [12, 121, 210]);
    propagate(Float32Array.of(1, 10, 100), 1, adjacency, { selfWeight: 2, upper: Float32Array.of(50) }, y);
    assert.deepEqual([...y], [12, 50, 50]);
  });
});
