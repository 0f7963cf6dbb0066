import type { GraphBatch } from './batch';
import { Scratch } from './scratch';

/** A partition of the nodes of a batch; classes are numbered by their first node. */
export interface NodeClasses {
  readonly count: number;
  /** Class of each node, `[nodes]`. */
  readonly classOf: Int32Array;
  /** First node of each class, `[count]`. */
  readonly representatives: Int32Array;
  /** Number of nodes of each class, `[count]`; in float32 because sums are weighted by it. */
  readonly multiplicity: Float32Array;
}

/**
 * Which nodes a message passing network cannot tell apart: level l holds the nodes whose embeddings are equal after l
 * layers, whatever the weights. Each level refines the one before.
 */
export interface Folding {
  level(depth: number): NodeClasses;
}

export interface FoldingOptions {
  /** Tell nodes of different degree apart from the start, for layers that weigh messages by degree. Default false. */
  readonly byDegree?: boolean;
}

/**
 * Folds a batch by colour refinement (Weisfeiler & Leman 1968): at level 0 nodes are equal that have equal features, at
 * level l those that were equal before and have equally many neighbours of each class, where edges have labels over edges
 * of each. What a layer computes of a node depends on no more than that, so it need be computed once a class (Bollen et
 * al. 2023, "Learning graph neural networks using exact compression").
 *
 * Levels are made when first asked for and kept as long as the batch.
 */
export function foldingOf(batch: GraphBatch, { byDegree = false }: FoldingOptions = {}): Folding {
  const known = byDegree ? foldingsByDegree : foldings;
  let folding = known.get(batch);
  if (folding === undefined) {
    folding = new ColourRefinement(batch, byDegree);
    known.set(batch, folding);
  }
  return folding;
}

const foldings = new WeakMap<GraphBatch, Folding>();
const foldingsByDegree = new WeakMap<GraphBatch, Folding>();

/** Every node in a class of its own, at all levels: results must be the same as with any other folding. */
export function unfolded({ nodeCount }: Pick<GraphBatch, 'nodeCount'>): Folding {
  const classes = eachItsOwn(nodeCount);
  return { level: () => classes };
}

/** Intermediate results of a round; nothing in them outlives it. */
const scratch = {
  offsets: new Scratch(),
  words: new Scratch(),
  next: new Scratch(),
  order: new Scratch(),
  hashes: new Scratch(),
  table: new Scratch(),
  representatives: new Scratch(),
};

class ColourRefinement implements Folding {
  private readonly levels: NodeClasses[] = [];

  constructor(
    private readonly batch: GraphBatch,
    private readonly byDegree: boolean,
  ) {}

  level(depth: number): NodeClasses {
    if (this.levels.length === 0) this.levels.push(distinctRows(featureWords(this.batch, this.byDegree)));
    while (this.levels.length <= depth) this.levels.push(refine(this.batch, this.levels[this.levels.length - 1]));
    return this.levels[depth];
  }
}

/** Words of varying number by row: row r is `words[offsets[r]]` to `words[offsets[r + 1] - 1]`. */
interface WordRows {
  readonly words: Int32Array;
  readonly offsets: Int32Array;
}

/** The features of each node bit by bit, and its degree where wanted. */
function featureWords({ nodeCount, layout, features, degrees }: GraphBatch, byDegree: boolean): WordRows {
  const { width } = layout;
  const bits = new Int32Array(features.buffer, features.byteOffset, features.length);
  const length = byDegree ? width + 1 : width;
  const offsets = scratch.offsets.take(nodeCount + 1);
  for (let v = 0; v <= nodeCount; v++) offsets[v] = v * length;
  if (!byDegree) return { words: bits, offsets };
  const words = scratch.words.take(nodeCount * length);
  for (let v = 0; v < nodeCount; v++) {
    words.set(bits.subarray(v * width, (v + 1) * width), v * length);
    words[v * length + width] = degrees[v];
  }
  return { words, offsets };
}

/** One round: nodes are told apart by their own class and the sorted classes of their neighbours. */
function refine(batch: GraphBatch, previous: NodeClasses): NodeClasses {
  const { nodeCount, rowOffsets, columns } = batch;
  if (previous.count === nodeCount) return previous;
  const { classOf } = previous;
  const order = byClass(previous);
  const offsets = scratch.offsets.take(nodeCount + 1);
  for (let v = 0; v <= nodeCount; v++) offsets[v] = rowOffsets[v] + v;
  const words = scratch.words.take(nodeCount + columns.length);
  const next = scratch.next.take(nodeCount);
  for (let v = 0; v < nodeCount; v++) {
    words[offsets[v]] = classOf[v];
    next[v] = offsets[v] + 1;
  }
  // Nodes hand their class to their neighbours in the order of classes, so that every list comes out sorted.
  for (const u of order) {
    const own = classOf[u];
    for (let e = rowOffsets[u]; e < rowOffsets[u + 1]; e++) words[next[columns[e]]++] = own;
  }
  if (batch.edgeLabels !== undefined) labelWords(batch, batch.edgeLabels, previous, { words, offsets });
  const refined = distinctRows({ words, offsets });
  // As many classes as before are the same classes, now and for ever.
  return refined.count === previous.count ? previous : refined;
}

/** Puts the label of the edge to it beside each neighbour's class, in lists that stay sorted. */
function labelWords(
  { nodeCount, rowOffsets, columns, layout: { edgeRows } }: GraphBatch,
  edgeLabels: Int32Array,
  { classOf }: NodeClasses,
  { words, offsets }: WordRows,
): void {
  const labels = edgeRows === undefined ? 1 : edgeRows.values.length / edgeRows.width;
  for (let v = 0; v < nodeCount; v++) {
    const first = offsets[v] + 1 - rowOffsets[v];
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
      words[first + e] = classOf[columns[e]] * labels + edgeLabels[e];
    }
    words.subarray(offsets[v] + 1, offsets[v + 1]).sort();
  }
}

/** The nodes in order of their classes: a counting sort. */
function byClass({ count, classOf, multiplicity }: NodeClasses): Int32Array {
  const next = scratch.next.take(count);
  next[0] = 0;
  for (let c = 1; c < count; c++) next[c] = next[c - 1] + multiplicity[c - 1];
  const order = scratch.order.take(classOf.length);
  for (let v = 0; v < classOf.length; v++) order[next[classOf[v]]++] = v;
  return order;
}

/** Puts equal rows into one class. A hash table finds the candidates; what decides is the rows themselves. */
function distinctRows(rows: WordRows): NodeClasses {
  const nodes = rows.offsets.length - 1;
  const hashes = rowHashes(rows);
  const mask = 2 ** Math.ceil(Math.log2(2 * nodes + 1)) - 1;
  /** Open addressing: 1 + the class in a slot, 0 where it is free. */
  const table = scratch.table.take(mask + 1).fill(0);
  const classOf = new Int32Array(nodes);
  const representatives = scratch.representatives.take(nodes);
  let count = 0;
  for (let v = 0; v < nodes; v++) {
    let slot = hashes[v] & mask;
    while (table[slot] > 0) {
      const other = representatives[table[slot] - 1];
      if (hashes[other] === hashes[v] && equalRows(rows, other, v)) break;
      slot = (slot + 1) & mask;
    }
    if (table[slot] === 0) {
      representatives[count] = v;
      table[slot] = ++count;
    }
    classOf[v] = table[slot] - 1;
  }
  const multiplicity = new Float32Array(count);
  for (let v = 0; v < nodes; v++) multiplicity[classOf[v]]++;
  return { count, classOf, representatives: representatives.slice(0, count), multiplicity };
}

function rowHashes({ words, offsets }: WordRows): Int32Array {
  const hashes = scratch.hashes.take(offsets.length - 1);
  for (let r = 0; r < hashes.length; r++) {
    let hash = 0;
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      hash = Math.imul(hash ^ words[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hashes[r] = hash;
  }
  return hashes;
}

function equalRows({ words, offsets }: WordRows, a: number, b: number): boolean {
  const start = offsets[a];
  const length = offsets[a + 1] - start;
  const shift = offsets[b] - start;
  if (offsets[b + 1] - offsets[b] !== length) return false;
  for (let i = start; i < start + length; i++) if (words[i] !== words[i + shift]) return false;
  return true;
}

function eachItsOwn(nodes: number): NodeClasses {
  const classOf = Int32Array.from({ length: nodes }, (_, v) => v);
  return { count: nodes, classOf, representatives: classOf, multiplicity: new Float32Array(nodes).fill(1) };
}
