import type { RecombinedGraphs } from '../graph/recombine';

/** Rows of softmax(logits / temperature), `[graphs, classes]`. */
export function softmaxRows(logits: ArrayLike<number>, classes: number, temperature = 1): Float32Array {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((logits[row + c] - largest) / temperature);
    for (let c = 0; c < classes; c++) result[row + c] = Math.exp((logits[row + c] - largest) / temperature) / sum;
  }
  return result;
}

/**
 * The highest temperature, at most 1, at which softmax(logits / temperature) has a mean entropy of at most
 * `entropyShare` * log(classes): soft labels that still name a class.
 *
 * @param logits `[graphs, classes]`
 */
export function sharpeningTemperature(logits: ArrayLike<number>, classes: number, entropyShare: number): number {
  const limit = entropyShare * Math.log(classes);
  if (meanEntropy(softmaxRows(logits, classes), classes) <= limit) return 1;
  let low = 0.01;
  let high = 1;
  for (let i = 0; i < 30; i++) {
    const middle = Math.sqrt(low * high);
    if (meanEntropy(softmaxRows(logits, classes, middle), classes) > limit) high = middle;
    else low = middle;
  }
  return low;
}

function meanEntropy(probabilities: Float32Array, classes: number): number {
  let sum = 0;
  for (const p of probabilities) if (p > 0) sum -= p * Math.log(p);
  return (sum * classes) / probabilities.length;
}

/** Moves the soft labels of copies of clean graphs halfway to their true class, in place. */
export function mixTrueLabels(targets: Float32Array, pool: RecombinedGraphs, classes: number): void {
  pool.graphs.forEach(({ classLabel }, g) => {
    if (pool.source[g] < 0) return;
    for (let c = 0; c < classes; c++) {
      const i = g * classes + c;
      targets[i] = targets[i] / 2 + (c === classLabel ? 0.5 : 0);
    }
  });
}

/**
 * Weights for rare classes: (graphs / classes) / graphs of the class, at least 1 and at most `cap`, by the class that
 * each row of `targets` favours. A frequent class is not weighed down: most attacks start from it.
 *
 * @param targets probabilities, `[graphs, classes]`
 * @returns `[graphs]`, all 1 where `cap` is 1
 */
export function balancedWeights(targets: Float32Array, classes: number, cap: number): Float32Array {
  const graphs = targets.length / classes;
  if (cap <= 1) return new Float32Array(graphs).fill(1);
  const favoured = Int32Array.from({ length: graphs }, (_, g) => largestOf(targets, g * classes, classes));
  const counts = new Float64Array(classes);
  for (const c of favoured) counts[c]++;
  return Float32Array.from(favoured, (c) => Math.min(cap, Math.max(1, graphs / classes / counts[c])));
}

function largestOf(values: Float32Array, start: number, length: number): number {
  let best = 0;
  for (let c = 1; c < length; c++) if (values[start + c] > values[start + best]) best = c;
  return best;
}

/** KL(target || softmax(logits)) of each row, on plain arrays: `[graphs]`. */
export function divergenceRows(logits: ArrayLike<number>, targets: Float32Array, classes: number): Float32Array {
  const graphs = targets.length / classes;
  const result = new Float32Array(graphs);
  for (let g = 0; g < graphs; g++) {
    const row = g * classes;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[row + c] - largest);
    const logSum = largest + Math.log(sum);
    for (let c = 0; c < classes; c++) {
      const p = targets[row + c];
      if (p > 0) result[g] += p * (Math.log(p) - (logits[row + c] - logSum));
    }
  }
  return result;
}
