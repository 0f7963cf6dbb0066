import { canonicalEdges } from '../graph/edges';
import type { Rng } from '../graph/rng';
import type { RawGraph } from './dataset';

/** Label of the atoms that everything hangs on. */
export const CARBON = 0;

/** A piece of a molecule; it hangs on the rest by its first atom. */
export interface Group {
  readonly labels: readonly number[];
  /** Bonds between the group's atoms. */
  readonly edges: readonly (readonly [number, number])[];
}

/** Carbons in a row. */
export function chain(length: number): Group {
  return {
    labels: new Array<number>(length).fill(CARBON),
    edges: Array.from({ length: length - 1 }, (_, i) => [i, i + 1] as const),
  };
}

/** A ring of carbons. */
export function ring(length: number): Group {
  const { labels, edges } = chain(length);
  return { labels, edges: [...edges, [0, length - 1]] };
}

/** A ring of carbons, all joined to a hub. */
export function wheel(length: number, hub: number): Group {
  const { labels, edges } = ring(length);
  return { labels: [...labels, hub], edges: [...edges, ...labels.map((_, i) => [i, length] as const)] };
}

/** A molecule-like graph under construction; only carbons with fewer than four neighbours take new bonds. */
export class Molecule {
  private readonly labels: number[] = [];
  private readonly pairs: number[] = [];
  private readonly degrees: number[] = [];

  /** @param core the first group, with a carbon that can take a bond */
  constructor(core: Group) {
    this.add(core);
  }

  get size(): number {
    return this.labels.length;
  }

  /** Bonds a group to a random carbon. */
  hang(group: Group, rng: Rng): void {
    const open = [...this.labels.keys()].filter((node) => this.labels[node] === CARBON && this.degrees[node] < 4);
    const anchor = rng.pick(open);
    this.bond(anchor, this.add(group));
  }

  /** The graph, with its nodes in random order so that a node's number says nothing. */
  shuffled(classLabel: number, rng: Rng): RawGraph {
    const order = rng.permutation(this.size);
    const nodeLabels = new Int32Array(this.size);
    this.labels.forEach((label, node) => (nodeLabels[order[node]] = label));
    const pairs = this.pairs.map((node) => order[node]);
    return {
      nodeCount: this.size,
      edges: canonicalEdges(this.size, pairs),
      nodeLabels,
      attributes: new Float32Array(0),
      classLabel,
    };
  }

  private add(group: Group): number {
    const first = this.size;
    for (const label of group.labels) {
      this.labels.push(label);
      this.degrees.push(0);
    }
    for (const [u, v] of group.edges) this.bond(first + u, first + v);
    return first;
  }

  private bond(u: number, v: number): void {
    this.pairs.push(u, v);
    this.degrees[u]++;
    this.degrees[v]++;
  }
}
