import assert from 'node:assert/strict';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { engineInUse, type GraphnadBackend } from '../../../../server/src/tensor/engine/graphnadBackend';
import { kernelCosts, type KernelCost } from '../../../../server/src/tensor/engine/kernelCosts';
import { instantiateKernels, loadKernelModule, type KernelName } from '../../../../server/src/tensor/engine/kernels';
import { runOperations, trainFiftySteps } from '../../../support/engineWork';

/** Looks at every kernel call of some work, instead of running it. */
async function watch(
  work: () => Promise<unknown>,
  look: (call: { kernel: KernelName; units: number; parameters: number[]; run: () => void }) => void,
): Promise<void> {
  await selectBackend('graphnad');
  const engine = engineInUse()!;
  const launch = engine.launch.bind(engine);
  engine.launch = (kernel, units, ...parameters) =>
    look({ kernel, units, parameters, run: () => launch(kernel, units, ...parameters) });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(engine, 'launch');
  }
}

describe('kernels that threads may divide', () => {
  it('give the same bytes however their range is cut, and when a part is done again', async () => {
    const engine = await running();
    const kernels = instantiateKernels(loadKernelModule(), engine.memoryPool.memory);
    const seen = new Map<KernelName, number>();
    await watch(runOperations, ({ kernel, units, parameters, run }) => {
      const cost = kernelCosts[kernel];
      const times = seen.get(kernel) ?? 0;
      if (cost === undefined || cost.perUnit(...parameters) === 0 || times === 12) return run();
      seen.set(kernel, times + 1);
      const before = surroundings(engine, parameters);
      run();
      const whole = surroundings(engine, parameters);
      for (const part of [1, 3, 7]) {
        restore(engine, before);
        for (const [begin, end] of cuts(units, part * cost.grain)) kernels[kernel](...parameters, begin, end);
        assertSame(surroundings(engine, parameters), whole, `${kernel} in parts of ${part}`);
      }
      const [[begin, end]] = cuts(units, cost.grain);
      kernels[kernel](...parameters, begin, end);
      assertSame(surroundings(engine, parameters), whole, `${kernel}, a part again`);
    });
    const missing = Object.keys(kernelCosts).filter((kernel) => !seen.has(kernel as KernelName));
    assert.deepEqual(missing, [], 'kernels that the operations of this test do not use');
  });

  it('are taken to cost what is plausible', async () => {
    // Few graphs of few nodes: an estimate out of all proportion has taken an address for a size.
    const check = (kernel: KernelName, { perUnit }: KernelCost, units: number, parameters: number[]): void => {
      const microseconds = (units * perUnit(...parameters)) / 1000;
      assert.ok(microseconds >= 0 && microseconds < 1500, `${kernel}(${parameters.join(', ')}): ${microseconds}`);
    };
    for (const work of [runOperations, trainFiftySteps]) {
      await watch(work, ({ kernel, units, parameters, run }) => {
        const cost = kernelCosts[kernel];
        if (cost !== undefined) check(kernel, cost, units, parameters);
        run();
      });
    }
  });
});

async function running(): Promise<GraphnadBackend> {
  await selectBackend('graphnad');
  return engineInUse()!;
}

/** Ranges of a length. */
function cuts(units: number, length: number): [begin: number, end: number][] {
  const ranges: [number, number][] = [];
  for (let begin = 0; begin < units; begin += length) ranges.push([begin, Math.min(units, begin + length)]);
  return ranges;
}

/** Bytes behind an address that operands of this test have room in. */
const room = 2 ** 17;

/** Copies of what lies behind every parameter that can be an address. */
function surroundings({ memoryPool }: GraphnadBackend, parameters: readonly number[]): [number, Buffer][] {
  const isAddress = (value: number): boolean =>
    Number.isInteger(value) && value >= 1024 && value < memoryPool.bytesReserved;
  return parameters.filter(isAddress).map((address) => {
    const bytes = memoryPool.bytes(address, Math.min(room, memoryPool.bytesReserved - address));
    return [address, Buffer.from(bytes.slice())];
  });
}

function restore({ memoryPool }: GraphnadBackend, copies: readonly [number, Buffer][]): void {
  for (const [address, bytes] of copies) memoryPool.bytes(address, bytes.length).set(bytes);
}

function assertSame(actual: readonly [number, Buffer][], expected: readonly [number, Buffer][], what: string): void {
  actual.forEach(([, bytes], i) => assert.ok(bytes.equals(expected[i][1]), what));
}
