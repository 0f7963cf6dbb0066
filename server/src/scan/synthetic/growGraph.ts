import { canonicalEdges } from '../../graph/edges';
import type { Rng } from '../../graph/rng';

/** What graphs of a family look like. */
interface Family {
  /** Degree at which a node takes no more neighbours, as long as others do. */
  readonly fullDegree: number;
  /** Nodes that a ring-closing edge joins are so far apart: 4 makes rings of five. */
  readonly closing: readonly [least: number, most: number];
}

/** Molecules: sparse, no node of more than four neighbours, rings of five and six. */
const molecule: Family = { fullDegree: 4, closing: [4, 5] };
/** Proteins and other dense neighbourhoods: triangles and squares. */
const clustered: Family = { fullDegree: 8, closing: [2, 3] };
/** Above this mean degree graphs are clustered. */
const densestMolecule = 2.6;

/** How often a node hangs on the one before it, so that chains with branches arise. */
const chainShare = 0.65;
/** Draws of a ring's first node, per node of the graph. */
const patience = 20;

/**
 * Edges of a random connected graph with a given mean degree: chains with branches, and rings closed until the degree is
 * reached; molecule-like where it is low, full of triangles where it is high.
 *
 * @param nodeCount at least 1
 * @param meanDegree a tree's, 2 - 2 / `nodeCount`, where it is lower
 * @returns in the form that `Graph.edges` asks for
 */
export function growGraph(nodeCount: number, meanDegree: number, rng: Rng): Int32Array {
  const family = meanDegree > densestMolecule ? clustered : molecule;
  const grown = new Grown(nodeCount, family);
  for (let node = 1; node < nodeCount; node++) grown.hang(node, rng);
  const edges = Math.round((nodeCount * meanDegree) / 2 + rng.uniform() - 0.5);
  for (let draw = 0; grown.edgeCount < edges && draw < patience * nodeCount; draw++) grown.closeRing(rng);
  return canonicalEdges(nodeCount, grown.pairs);
}

class Grown {
  readonly pairs: number[] = [];
  private readonly neighbours: number[][];

  constructor(
    nodeCount: number,
    private readonly family: Family,
  ) {
    this.neighbours = Array.from({ length: nodeCount }, () => []);
  }

  get edgeCount(): number {
    return this.pairs.length / 2;
  }

  /** Joins a node to the one before it, or to a random earlier one with room. */
  hang(node: number, rng: Rng): void {
    let to = node - 1;
    if (this.isFull(to) || rng.uniform() > chainShare) {
      const open = Array.from({ length: node }, (_, earlier) => earlier).filter((earlier) => !this.isFull(earlier));
      to = rng.pick(open);
    }
    this.join(node, to);
  }

  /** Joins a random node to one at the family's distance, where both have room. */
  closeRing(rng: Rng): void {
    const node = rng.integer(this.neighbours.length);
    const [least, most] = this.family.closing;
    const distance = least + rng.integer(most - least + 1);
    if (this.isFull(node)) return;
    const ends = this.atDistance(node, distance).filter((end) => !this.isFull(end));
    if (ends.length > 0) this.join(node, rng.pick(ends));
  }

  private isFull(node: number): boolean {
    return this.neighbours[node].length >= this.family.fullDegree;
  }

  private join(u: number, v: number): void {
    this.neighbours[u].push(v);
    this.neighbours[v].push(u);
    this.pairs.push(u, v);
  }

  private atDistance(start: number, distance: number): number[] {
    const seen = new Set([start]);
    let front = [start];
    for (let step = 0; step < distance; step++) {
      const next: number[] = [];
      for (const node of front) {
        for (const other of this.neighbours[node]) {
          if (seen.has(other)) continue;
          seen.add(other);
          next.push(other);
        }
      }
      front = next;
    }
    return front;
  }
}
