import type { NamedSide } from './stepBench';
import { spread, takeTurns } from './samples';

/** One shape of matrix product in billions of floating point operations a second. */
export interface GemmMeasurement {
  readonly label: string;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** What multiply-adds on registers alone reach here in WebAssembly, `[turns]`. */
  readonly peak: readonly number[];
  /** Whether those are one instruction (relaxed SIMD). */
  readonly fused: boolean;
  readonly contestants: readonly { readonly name: string; readonly samples: readonly number[] }[];
}

const turnMilliseconds = 100;

/**
 * The products of a layer of `width` channels on `rows` nodes, forward and backward.
 *
 * @param sides ours first
 */
export async function measureGemm(
  rows: number,
  width: number,
  sides: readonly NamedSide[],
  turns: number,
): Promise<GemmMeasurement[]> {
  const shapes = [
    { label: 'H W', m: rows, k: width, n: width, transposeA: false, transposeB: false },
    { label: 'dY W^T', m: rows, k: width, n: width, transposeA: false, transposeB: true },
    { label: 'H^T dY', m: width, k: rows, n: width, transposeA: true, transposeB: false },
  ];
  const [{ side: ours }] = sides;
  const { fused } = await ours.peak(1e6);
  const measurements: GemmMeasurement[] = [];
  for (const { label, ...shape } of shapes) {
    const operations = 2 * shape.m * shape.k * shape.n;
    // Enough for some 100 ms at 30 GFLOP/s.
    const repeats = Math.max(3, Math.round((turnMilliseconds * 3e7) / operations));
    const peak = async (): Promise<number> => {
      const { milliseconds, operations: done } = await ours.peak(2e7);
      return done / milliseconds / 1e6;
    };
    const gemm = async ({ side }: NamedSide): Promise<number> =>
      (operations * repeats) / (await side.gemm({ ...shape, repeats })).milliseconds / 1e6;
    for (const side of sides) await gemm(side);
    const [peaks, ...samples] = await takeTurns(turns, [peak, ...sides.map((side) => () => gemm(side))]);
    const { m, k, n } = shape;
    const contestants = sides.map(({ name }, i) => ({ name, samples: samples[i] }));
    measurements.push({ label, m, k, n, peak: peaks, fused, contestants });
  }
  return measurements;
}

/** Share of the peak, turn by turn. */
export function shareOfPeak({ peak }: GemmMeasurement, samples: readonly number[]): number {
  return spread(samples.map((value, i) => value / peak[i])).median;
}
