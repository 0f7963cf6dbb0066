import type { ByteSource } from '../byteSource';

/** Some sources one after another, as one. */
export function concatenated(sources: readonly ByteSource[]): ByteSource {
  if (sources.length === 1) return sources[0];
  const starts: number[] = [];
  let length = 0;
  for (const source of sources) {
    starts.push(length);
    length += source.length;
  }
  return {
    length,
    subarray(start, end) {
      const parts = sources.map((source, i) => {
        const [from, to] = [Math.max(start, starts[i]), Math.min(end, starts[i] + source.length)];
        return from < to ? source.subarray(from - starts[i], to - starts[i]) : new Uint8Array();
      });
      return Buffer.concat(parts);
    },
  };
}
