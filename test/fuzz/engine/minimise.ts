/** The smallest input that still shows something, as far as a few seconds allow. */

const longest = 5_000;

/** @param isStill whether a smaller input still shows what `input` shows */
export function minimised(input: Uint8Array, isStill: (smaller: Uint8Array) => boolean): Uint8Array {
  const deadline = performance.now() + longest;
  let best = input;
  for (let size = input.length >> 1; size >= 1 && performance.now() < deadline; size >>= 1) {
    for (let at = 0; at < best.length && performance.now() < deadline;) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (isStill(smaller)) best = smaller;
      else at += size;
    }
  }
  for (let at = 0; at < best.length && performance.now() < deadline; at++) {
    if (best[at] === 0) continue;
    const plainer = Uint8Array.from(best);
    plainer[at] = 0;
    if (isStill(plainer)) best = plainer;
  }
  return best;
}
