import assert from 'node:assert/strict';
import { TriggerSource, worstTriggeredCopies } from '../../../server/src/defense/triggeredCopies';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { graphFault, graphOf } from '../../support/graphs';

const layout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 } as const;

function graphs(count: number): Graph[] {
  return Array.from({ length: count }, (_, i) =>
    graphOf(10 + i, {
      edges: Array.from({ length: 9 + i }, (_, v) => [v, v + 1] as const),
      labels: Array.from({ length: 10 + i }, (_, v) => v % 3),
    }),
  );
}

/** A model that takes edges for evidence of class 1. */
function countEdges(drawn: readonly Graph[]): Float32Array {
  return Float32Array.from(drawn.flatMap((graph) => [0, graph.edges.length / 2 - 20]));
}

describe('worstTriggeredCopies', () => {
  const source = new TriggerSource(graphs(6), layout, {});
  const targets = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : 0));

  const meanEdges = (worstShare: number): number => {
    const options = { candidates: 6, worstShare };
    const copies = worstTriggeredCopies(graphs(6), targets, countEdges, source, options, new Rng(4));
    assert.equal(copies.length, 6);
    copies.forEach((copy) => assert.equal(graphFault(copy), undefined));
    return copies.reduce((sum, copy) => sum + copy.edges.length / 2, 0) / copies.length;
  };

  it('keeps the candidate that moves the model farthest', () => {
    assert.ok(meanEdges(1) > meanEdges(0) + 2, `${meanEdges(1)} against ${meanEdges(0)}`);
  });

  it('takes copies in the order of the graphs, without changing those', () => {
    const originals = graphs(6);
    const before = JSON.stringify(originals.map(({ edges, nodeLabels }) => [[...edges], [...nodeLabels]]));
    const options = { candidates: 3, worstShare: 0.5 };
    const copies = worstTriggeredCopies(originals, targets, countEdges, source, options, new Rng(5));
    copies.forEach((copy, i) => assert.equal(copy.nodeCount, originals[i].nodeCount));
    assert.equal(JSON.stringify(originals.map(({ edges, nodeLabels }) => [[...edges], [...nodeLabels]])), before);
  });
});
