import assert from 'node:assert/strict';
import { initialWeights } from '../../../bench/engine/initialWeights';
import { ginShape, madeUpWorkload, meanSize, modelKinds, proteinsWorkload } from '../../../bench/engine/workload';

describe('workloads of the benchmark', () => {
  it('stand in for PROTEINS where it is missing, and say so', async () => {
    const workload = await proteinsWorkload('no/such/folder/PROTEINS', 32);
    assert.match(workload.data, /PROTEINS is not there/);
    // PROTEINS has 39.1 nodes and 145.6 directed edges a graph.
    const { nodes, edges } = meanSize(workload);
    assert.ok(Math.abs(nodes / 32 - 39.1) < 2, `${nodes / 32} nodes a graph`);
    assert.ok(Math.abs(edges / 32 - 145.6) < 15, `${edges / 32} directed edges a graph`);
  });

  it('go through all graphs before any comes again', () => {
    const { graphs, batches } = madeUpWorkload({ count: 12, nodes: 5, degree: 2 }, 4);
    assert.equal(graphs.length, 12);
    assert.deepEqual(
      batches
        .slice(0, 3)
        .flat()
        .sort((a, b) => a - b),
      graphs.map((_, i) => i),
    );
  });

  it('have batches larger than the data where asked for', () => {
    const { batches } = madeUpWorkload({ count: 5, nodes: 5, degree: 2 }, 8);
    assert.ok(batches.length > 0 && batches.every((batch) => batch.length === 8));
  });

  it('give every model weights under the names of PyTorch Geometric', () => {
    for (const kind of modelKinds) {
      const weights = initialWeights({ ...ginShape(3), kind });
      const first = kind === 'gin' ? 'convs.0.nn.0.weight' : 'convs.0.lin.weight';
      assert.deepEqual(weights.get(first)?.shape, [64, 3]);
      assert.deepEqual(weights.get('lin.weight')?.shape, [2, 64]);
      for (const { shape, values } of weights.values()) {
        assert.equal(
          values.length,
          shape.reduce((product, size) => product * size, 1),
        );
      }
    }
  });
});
