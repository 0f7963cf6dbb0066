import { setFlagsFromString } from 'node:v8';

/** Independent chains of multiply-adds: more than latency times units of today's processors, fewer than registers. */
const chains = 12;
const lanes = 4;

/** Of WebAssembly's binary format. */
const opcodes = {
  loop: 0x03,
  branchIf: 0x0d,
  end: 0x0b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  constant: 0x41,
  subtract: 0x6b,
  splat: [0xfd, 0x13],
  multiply: [0xfd, 0xe6, 0x01],
  add: [0xfd, 0xe4, 0x01],
  multiplyAdd: [0xfd, 0x85, 0x02],
  extractLane: [0xfd, 0x1f, 0x00],
} as const;

export interface PeakKernel {
  /** Whether multiply-adds are one instruction. */
  readonly fused: boolean;
  /** Runs so many rounds of multiply-adds on registers. */
  readonly run: (rounds: number) => void;
  /** Floating point operations of a round. */
  readonly operations: number;
}

/**
 * A WebAssembly function that does nothing but multiply-adds on 128-bit registers: what one thread can reach at most.
 * With relaxed SIMD where the runtime has it.
 */
export function peakKernel(): PeakKernel {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const fused = WebAssembly.validate(moduleBytes(true));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(fused)), {});
  const { run } = instance.exports as { run: (rounds: number, x: number, y: number) => number };
  // The values stay finite and normal however long it runs: x -> 0.5 x + 1.
  return { fused, run: (rounds) => run(rounds, 0.5, 1), operations: 2 * lanes * chains };
}

/** `run(rounds: i32, x: f32, y: f32): f32` with all chains a <- x a + y. */
function moduleBytes(fused: boolean): Uint8Array<ArrayBuffer> {
  const [rounds, x, y] = [0, 1, 2];
  const [wideX, wideY, first] = [3, 4, 5];
  const get = (local: number): number[] => [opcodes.localGet, local];
  const set = (local: number): number[] => [opcodes.localSet, local];
  const chain = (local: number): number[] =>
    fused
      ? [...get(local), ...get(wideX), ...get(wideY), ...opcodes.multiplyAdd, ...set(local)]
      : [...get(local), ...get(wideX), ...opcodes.multiply, ...get(wideY), ...opcodes.add, ...set(local)];
  const locals = Array.from({ length: chains }, (_, i) => first + i);
  const body = [
    ...[...get(x), ...opcodes.splat, ...set(wideX)],
    ...[...get(y), ...opcodes.splat, ...set(wideY)],
    ...[opcodes.loop, 0x40, ...locals.flatMap(chain)],
    ...[
      ...get(rounds),
      opcodes.constant,
      1,
      opcodes.subtract,
      opcodes.localTee,
      rounds,
      opcodes.branchIf,
      0,
      opcodes.end,
    ],
    // The sum of all chains, so that none is left out.
    ...get(first),
    ...locals.slice(1).flatMap((local) => [...get(local), ...opcodes.add]),
    ...[...opcodes.extractLane, opcodes.end],
  ];
  const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
  const code = [1, 2 + chains, v128, ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, i32, f32, f32, 1, f32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...Buffer.from('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128 */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}
