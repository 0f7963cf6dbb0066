import type { MotifEdges } from './motifs';

/** Motifs have at most this many nodes: there are 21 connected ones of five, and 112 of six. */
export const mostMotifNodes = 5;

/**
 * Graphs on few nodes by the shape they have: sets of edges that are the same up to the names of nodes have the same
 * code. An edge between nodes i < j is a bit of a mask.
 */
export class MotifCodes {
  private readonly bit: Int32Array;
  /** Code by mask. */
  private readonly codes: Int16Array;

  /** @param nodes 2 to {@link mostMotifNodes} */
  constructor(readonly nodes: number) {
    this.bit = new Int32Array(nodes * nodes);
    let bits = 0;
    for (let i = 0; i < nodes; i++) {
      for (let j = i + 1; j < nodes; j++) this.bit[i * nodes + j] = this.bit[j * nodes + i] = 1 << bits++;
    }
    this.codes = new Int16Array(1 << bits).fill(-1);
    const orders = permutations(nodes);
    // Masks ascend, so that each shape is met first as its smallest mask, which is its code.
    for (let mask = 0; mask < this.codes.length; mask++) {
      if (this.codes[mask] >= 0) continue;
      for (const order of orders) this.codes[this.renamed(mask, order)] = mask;
    }
  }

  /** The mask of an edge. */
  edge(i: number, j: number): number {
    return this.bit[i * this.nodes + j];
  }

  /** The code of a set of edges. */
  of(mask: number): number {
    return this.codes[mask];
  }

  /** The connected motifs, by code in ascending order. */
  connected(): number[] {
    const distinct = [...this.codes.keys()].filter((mask) => this.codes[mask] === mask);
    return distinct.filter((mask) => this.isConnected(mask));
  }

  /** Edges of a motif, its nodes numbered by descending degree. */
  edgesOf(code: number): MotifEdges {
    const degrees = Array.from({ length: this.nodes }, () => 0);
    const edges = this.pairs(code);
    for (const [i, j] of edges) {
      degrees[i]++;
      degrees[j]++;
    }
    const order = [...degrees.keys()].sort((a, b) => degrees[b] - degrees[a] || a - b);
    const rank = order.map((_, node) => order.indexOf(node));
    return edges.map(([i, j]) => [Math.min(rank[i], rank[j]), Math.max(rank[i], rank[j])] as const);
  }

  private pairs(mask: number): [number, number][] {
    const found: [number, number][] = [];
    for (let i = 0; i < this.nodes; i++) {
      for (let j = i + 1; j < this.nodes; j++) if ((mask & this.edge(i, j)) !== 0) found.push([i, j]);
    }
    return found;
  }

  private renamed(mask: number, order: readonly number[]): number {
    return this.pairs(mask).reduce((result, [i, j]) => result | this.edge(order[i], order[j]), 0);
  }

  private isConnected(mask: number): boolean {
    const reached = new Set([0]);
    const edges = this.pairs(mask);
    for (let round = 1; round < this.nodes; round++) {
      for (const [i, j] of edges) {
        if (reached.has(i)) reached.add(j);
        if (reached.has(j)) reached.add(i);
      }
    }
    return reached.size === this.nodes;
  }
}

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((shorter) =>
    Array.from({ length: count }, (_, place) => [...shorter.slice(0, place), count - 1, ...shorter.slice(place)]),
  );
}
