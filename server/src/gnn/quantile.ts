/**
 * Quantile with linear interpolation between order statistics (the default of NumPy and PyTorch). NaN counts as larger
 * than any number.
 *
 * @param values at least one; reordered by selection, which takes time by their number alone
 * @param q in [0, 1]
 */
export function quantileInPlace(values: Float32Array | Float64Array, q: number): number {
  const position = q * (values.length - 1);
  const rank = Math.floor(position);
  const numbers = numbersFirst(values);
  if (rank >= numbers) return NaN;
  select(values, numbers, rank);
  const below = values[rank];
  const above = rank + 1 < values.length ? smallest(values, rank + 1, numbers) : below;
  return below + (position - rank) * (above - below);
}

/** Moves NaN behind all numbers. @returns how many numbers there are */
function numbersFirst(values: Float32Array | Float64Array): number {
  let count = values.length;
  for (let i = 0; i < count;) {
    if (values[i] === values[i]) i++;
    else {
      values[i] = values[--count];
      values[count] = NaN;
    }
  }
  return count;
}

/**
 * Reorders the first `count` values so that the one of a rank is in its place, with none larger before it and none
 * smaller behind it (Hoare 1961, Algorithm 65). Chosen orders, which would make it slow, are sorted instead.
 */
function select(values: Float32Array | Float64Array, count: number, rank: number): void {
  let first = 0;
  let last = count - 1;
  for (let rounds = 4 * Math.ceil(Math.log2(count + 1)); first < last; rounds--) {
    if (rounds === 0) {
      values.subarray(first, last + 1).sort();
      return;
    }
    const pivot = middleOfThree(values[first], values[(first + last) >> 1], values[last]);
    let i = first;
    let j = last;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const kept = values[i];
      values[i++] = values[j];
      values[j--] = kept;
    }
    // What lies between j and i equals the pivot.
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else return;
  }
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** NaN where there is none. */
function smallest(values: Float32Array | Float64Array, begin: number, end: number): number {
  let least = begin < end ? values[begin] : NaN;
  for (let i = begin + 1; i < end; i++) if (values[i] < least) least = values[i];
  return least;
}
