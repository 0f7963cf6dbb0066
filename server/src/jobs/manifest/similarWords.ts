/** Longer ones are no slip of a pen, and take too long to compare. */
const longest = 512;

/** Those of the words that `word` may be a slip of the pen for, the most similar first; at most three. */
export function similarWords(word: string, words: readonly string[]): string[] {
  if (word.length > longest) return [];
  const limit = Math.max(1, Math.floor(word.length / 3));
  return words
    .filter((other) => Math.abs(other.length - word.length) <= limit)
    .map((other) => ({ other, changes: changesBetween(word.toLowerCase(), other.toLowerCase()) }))
    .filter(({ changes }) => changes <= limit)
    .sort((a, b) => a.changes - b.changes)
    .slice(0, 3)
    .map(({ other }) => other);
}

/** Letters that are put in, left out, replaced or swapped with their neighbour (optimal string alignment). */
function changesBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
      }
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length];
}
