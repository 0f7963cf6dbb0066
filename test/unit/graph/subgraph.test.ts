import assert from 'node:assert/strict';
import fc from 'fast-check';
import { neighbourLists } from '../../../server/src/graph/edges';
import { Rng } from '../../../server/src/graph/rng';
import { attributeWidthOf, breadthFirstPiece, inducedSubgraph } from '../../../server/src/graph/subgraph';
import { arbitraryGraph, edgePairs, graphFault, graphOf } from '../../support/graphs';

describe('inducedSubgraph', () => {
  it('renumbers nodes in the given order and keeps the edges between them', () => {
    const graph = graphOf(4, {
      edges: [
        [0, 1],
        [1, 2],
        [2, 3],
        [0, 3],
      ],
      labels: [5, 6, 7, 8],
      attributes: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5],
      classLabel: 1,
    });
    assert.deepEqual(
      inducedSubgraph(graph, [3, 1, 2]),
      graphOf(3, {
        edges: [
          [0, 2],
          [1, 2],
        ],
        labels: [8, 6, 7],
        attributes: [3, 3.5, 1, 1.5, 2, 2.5],
        classLabel: 1,
      }),
    );
  });

  it('keeps the labels of edges', () => {
    const path = graphOf(4, { edges: [[0, 1], [1, 2], [2, 3]] }); // prettier-ignore
    const labelled = { ...path, edgeLabels: Int32Array.of(4, 5, 6) };
    const part = inducedSubgraph(labelled, [3, 1, 2]);
    assert.deepEqual(edgePairs(part), [[0, 2], [1, 2]]); // prettier-ignore
    assert.deepEqual([...(part.edgeLabels ?? [])], [6, 5]);
  });

  it('of all nodes is the graph itself', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const all = Array.from({ length: graph.nodeCount }, (_, node) => node);
        assert.deepEqual(inducedSubgraph(graph, all), graph);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('breadthFirstPiece', () => {
  it('takes distinct nodes, each next to an earlier one while its component lasts', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.nat(20), fc.nat(), (graph, count, seed) => {
        const neighbours = neighbourLists(graph);
        const piece = breadthFirstPiece(neighbours, count, new Rng(seed));
        assert.equal(piece.length, Math.min(count, graph.nodeCount));
        assert.equal(new Set(piece).size, piece.length);
        piece.forEach((node, i) => {
          if (i === 0) return;
          const earlier = piece.slice(0, i);
          const reachable = earlier.some((other) => neighbours[other].includes(node));
          const exhausted = earlier.every((other) => neighbours[other].every((next) => earlier.includes(next)));
          assert.ok(reachable || exhausted, `node ${node} of ${piece.join(' ')}`);
        });
        assert.equal(graphFault(inducedSubgraph(graph, piece.length > 0 ? piece : [0])), undefined);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('goes on in another component when one is used up', () => {
    const two = graphOf(4, {
      edges: [
        [0, 1],
        [2, 3],
      ],
    });
    assert.deepEqual(breadthFirstPiece(neighbourLists(two), 4, new Rng(0)).sort(), [0, 1, 2, 3]);
  });

  it('starts anywhere', () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 60; seed++) starts.add(breadthFirstPiece([[1], [0], []], 1, new Rng(seed))[0]);
    assert.deepEqual([...starts].sort(), [0, 1, 2]);
  });
});

describe('attributeWidthOf', () => {
  it('follows from the matrix', () => {
    assert.equal(attributeWidthOf(graphOf(2, { attributes: [1, 2, 3, 4, 5, 6] })), 3);
    assert.equal(attributeWidthOf(graphOf(2)), 0);
    assert.equal(attributeWidthOf(graphOf(0)), 0);
    assert.deepEqual(edgePairs(graphOf(0)), []);
  });
});
