import { canonicalEdges } from '../../server/src/graph/edges';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import type { Rng } from '../../server/src/graph/rng';

export const labels = 8;
export const layout: FeatureLayout = { kind: 'labels', width: labels, attributeWidth: 0, labelColumns: labels };

/** How edges are drawn: between any two nodes, between nodes close on a ring, or mostly to nodes of high degree. */
export const shapes = ['random', 'near', 'hubs'] as const;
export type Shape = (typeof shapes)[number];

/** A graph of random labels; hubs have mean degree 2, the others nearly `meanDegree`. */
export function drawGraph(nodeCount: number, meanDegree: number, shape: Shape, rng: Rng): Graph {
  return {
    nodeCount,
    edges: canonicalEdges(nodeCount, shape === 'hubs' ? hubEdges(nodeCount, rng) : drawEdges()),
    nodeLabels: new Int32Array(nodeCount).map(() => rng.integer(labels)),
    attributes: new Float32Array(0),
    classLabel: 0,
  };

  function drawEdges(): Int32Array {
    const pairs = new Int32Array(2 * Math.round((meanDegree * nodeCount) / 2));
    for (let i = 0; i < pairs.length; i += 2) {
      pairs[i] = rng.integer(nodeCount);
      pairs[i + 1] = shape === 'random' ? rng.integer(nodeCount) : (pairs[i] + 1 + rng.integer(6)) % nodeCount;
    }
    return pairs;
  }
}

/** Each node joins an earlier one: mostly one drawn by its degree, sometimes any (as threads of a discussion grow). */
function hubEdges(nodeCount: number, rng: Rng): number[] {
  const ends: number[] = [];
  for (let v = 1; v < nodeCount; v++) {
    const joined = ends.length > 0 && rng.uniform() < 0.8 ? ends[rng.integer(ends.length)] : rng.integer(v);
    ends.push(joined, v);
  }
  return ends;
}
