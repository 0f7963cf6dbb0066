import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MotifCodes } from '../../../server/src/attack/connectedMotifs';
import { motifCounts, motifFrequencies } from '../../../server/src/attack/motifFrequencies';
import { cliqueEdges, pathEdges, ringEdges } from '../../../server/src/attack/motifs';
import { hasEdge } from '../../../server/src/graph/edges';
import type { Graph } from '../../../server/src/graph/graph';
import { arbitraryGraph, graphOf } from '../../support/graphs';

const codes = new MotifCodes(4);
const codeOf = (edges: readonly (readonly [number, number])[]): number =>
  codes.of(edges.reduce((mask, [i, j]) => mask | codes.edge(i, j), 0));

/** By trying every set of four nodes. */
function countsByTrial(graph: Graph): Map<number, number> {
  const counts = new Map<number, number>();
  const connected = new Set(codes.connected());
  const { nodeCount: n } = graph;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      for (let c = b + 1; c < n; c++) {
        for (let d = c + 1; d < n; d++) {
          const nodes = [a, b, c, d];
          const code = codeOf(cliqueEdges(4).filter(([i, j]) => hasEdge(graph, nodes[i], nodes[j])));
          if (connected.has(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
        }
      }
    }
  }
  return counts;
}

const sorted = (counts: Map<number, number>): [number, number][] => [...counts].sort(([a], [b]) => a - b);

describe('motifCounts', () => {
  it('counts each connected induced subgraph once', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        assert.deepEqual(sorted(motifCounts(graph, codes)), sorted(countsByTrial(graph)));
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('motifFrequencies', () => {
  it('is the mean over graphs of shares', () => {
    const ring = graphOf(4, { edges: ringEdges(4) });
    const path = graphOf(6, { edges: pathEdges(6) });
    const shares = motifFrequencies([ring, path, path, path], codes);
    assert.equal(shares.get(codeOf(ringEdges(4))), 0.25);
    assert.equal(shares.get(codeOf(pathEdges(4))), 0.75);
    assert.equal(shares.size, 2);
  });

  it('says nothing of graphs that are too small', () => {
    assert.equal(motifFrequencies([graphOf(2, { edges: [[0, 1]] })], codes).size, 0);
  });
});
