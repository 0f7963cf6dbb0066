import assert from 'node:assert/strict';
import { Rng } from '../../../../server/src/graph/rng';
import { KernelMemory } from '../../../../server/src/tensor/engine/kernelMemory';
import {
  instantiateKernels,
  kernelNames,
  loadKernelModule,
  type KernelModule,
} from '../../../../server/src/tensor/engine/kernels';
import { assertClose } from '../../defense/assertClose';

/** A product of two random matrices by one build of the kernels. */
function product(module: KernelModule): Float32Array {
  const pool = new KernelMemory();
  const kernels = instantiateKernels(module, pool.memory);
  const [rows, inner, columns] = [13, 31, 9];
  const rng = new Rng(1);
  const [a, b] = [rows * inner, inner * columns].map((length) => {
    const address = pool.allocate(4 * length);
    pool.floats(address, length).set(Array.from({ length }, () => rng.normal()));
    return address;
  });
  const c = pool.allocate(4 * rows * columns);
  kernels.gemm(a, b, c, columns, inner, 0, 0, 0, 0, rows);
  return pool.floats(c, rows * columns).slice();
}

describe('the two builds of the kernels', () => {
  const plain = loadKernelModule(false);
  const fastest = loadKernelModule();

  it('export every kernel', () => {
    for (const module of [plain, fastest]) {
      const kernels = instantiateKernels(module, new KernelMemory().memory);
      for (const name of kernelNames) assert.equal(typeof kernels[name], 'function', name);
    }
  });

  it('give the same numbers up to rounding', () => {
    assert.equal(plain.relaxed, false);
    assertClose(product(fastest), product(plain), 'product', 1e-6);
  });

  it('round multiply-adds once where the runtime can', () => {
    const [major] = process.versions.node.split('.').map(Number);
    if (major >= 20) assert.equal(fastest.relaxed, true);
  });
});
