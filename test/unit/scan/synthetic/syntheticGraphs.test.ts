import assert from 'node:assert/strict';
import { nodeDegrees } from '../../../../server/src/graph/edges';
import { Rng } from '../../../../server/src/graph/rng';
import { syntheticGraphs, syntheticLayout } from '../../../../server/src/scan/synthetic/syntheticGraphs';

const recorded = { neighbourhood: Float64Array.of(2, 0, 1, 0.2), meanDegree: 2.2 };

describe('synthetic graphs', () => {
  const graphs = syntheticGraphs(recorded, 200, new Rng(4));

  it('give a first layer what it saw in training, on average', () => {
    const counts = new Float64Array(4);
    let nodes = 0;
    for (const graph of graphs) {
      nodes += graph.nodeCount;
      nodeDegrees(graph).forEach((degree, node) => (counts[graph.nodeLabels[node]] += 1 + degree));
    }
    recorded.neighbourhood.forEach((wanted, label) => {
      assert.ok(Math.abs(counts[label] / nodes - wanted) < 0.08, `label ${label}: ${counts[label] / nodes}`);
    });
  });

  it('vary in size within bounds, and carry no class', () => {
    const sizes = graphs.map(({ nodeCount }) => nodeCount);
    assert.ok(Math.min(...sizes) >= 10 && Math.max(...sizes) <= 60 && new Set(sizes).size > 20);
    assert.ok(graphs.every(({ classLabel }) => classLabel === 0));
  });

  it('are the same for the same seed', () => {
    assert.deepEqual(syntheticGraphs(recorded, 5, new Rng(9)), syntheticGraphs(recorded, 5, new Rng(9)));
  });

  it('have labels for features', () => {
    assert.deepEqual(syntheticLayout(4), { kind: 'labels', width: 4, attributeWidth: 0, labelColumns: 4 });
  });
});
