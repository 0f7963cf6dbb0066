import { quantileInPlace } from '../gnn/quantile';
import type { NodeClasses } from '../graph/fold';

/** R is this quantile over channels: a few extreme channels alone do not make a layer leave its range. */
const channelQuantile = 0.9;

/**
 * R of a layer: how far the largest activations of a graph's nodes, by channel, leave the layer's range.
 *
 * @param largest `[hidden]`; overwritten
 * @param range as `measureRanges` gives it, `[hidden]`
 */
export function reachInPlace(largest: Float32Array, range: Float32Array): number {
  for (let j = 0; j < largest.length; j++) largest[j] /= range[j];
  return quantileInPlace(largest, channelQuantile);
}

/** Raises `maxima` to the column maxima of the first `count` of some rows. NaN raises nothing. */
export function raiseMaxima(maxima: Float32Array, values: Float32Array, rows: Int32Array, count: number): void {
  const width = maxima.length;
  const blocked = width - (width % 4);
  // Four columns at a time in local variables: several times as fast as comparing with what lies in memory.
  for (let j = 0; j < blocked; j += 4) {
    let m0 = maxima[j];
    let m1 = maxima[j + 1];
    let m2 = maxima[j + 2];
    let m3 = maxima[j + 3];
    for (let k = 0; k < count; k++) {
      const i = rows[k] * width + j;
      if (values[i] > m0) m0 = values[i];
      if (values[i + 1] > m1) m1 = values[i + 1];
      if (values[i + 2] > m2) m2 = values[i + 2];
      if (values[i + 3] > m3) m3 = values[i + 3];
    }
    maxima[j] = m0;
    maxima[j + 1] = m1;
    maxima[j + 2] = m2;
    maxima[j + 3] = m3;
  }
  for (let j = blocked; j < width; j++) {
    for (let k = 0; k < count; k++) {
      const value = values[rows[k] * width + j];
      if (value > maxima[j]) maxima[j] = value;
    }
  }
}

/** Tells which classes of nodes occur among some nodes, each once. */
export class DistinctClasses {
  private readonly lastSeen: Int32Array;
  private calls = 0;
  /** What the last call found, in its first places, `[nodes]`. */
  readonly found: Int32Array;

  constructor(private readonly classes: NodeClasses) {
    this.lastSeen = new Int32Array(classes.count);
    this.found = new Int32Array(classes.count);
  }

  /** Looks at the nodes `begin` to `end`. @returns how many classes there are */
  among(begin: number, end: number): number {
    const { lastSeen, found } = this;
    const { classOf } = this.classes;
    const call = ++this.calls;
    let count = 0;
    for (let v = begin; v < end; v++) {
      const c = classOf[v];
      if (lastSeen[c] === call) continue;
      lastSeen[c] = call;
      found[count++] = c;
    }
    return count;
  }
}
