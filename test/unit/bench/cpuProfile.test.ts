import assert from 'node:assert/strict';
import { stackTimes, timeByLabel, type StackTime } from '../../../bench/engine/cpuProfile';
import { operationRules } from '../../../bench/engine/operations';

describe('profiles', () => {
  const frame = (functionName: string, url: string): { functionName: string; url: string } => ({ functionName, url });
  const place = { lineNumber: 0, columnNumber: 0 };
  const profile = {
    nodes: [
      { id: 1, children: [2, 4], callFrame: { ...frame('(root)', ''), ...place } },
      { id: 2, children: [3], callFrame: { ...frame('train', 'train.ts'), ...place } },
      { id: 3, callFrame: { ...frame('multiply', 'matMul.ts'), ...place } },
      { id: 4, callFrame: { ...frame('(idle)', ''), ...place } },
    ],
    samples: [3, 2, 3, 4],
    timeDeltas: [1000, 2000, 3000, 500],
  };

  it('sum the time of equal stacks, innermost function first', () => {
    const times = stackTimes(profile);
    const inner = times.find(({ stack }) => stack[0].name === 'multiply');
    assert.deepEqual(inner?.milliseconds, 4);
    assert.deepEqual(
      inner?.stack.map(({ name }) => name),
      ['multiply', 'train', '(root)'],
    );
  });

  it('are told apart by the innermost function that a rule knows', () => {
    const rules = [
      { label: 'products', pattern: /matMul\.ts#/ },
      { label: 'training', pattern: /train\.ts#/ },
    ];
    assert.deepEqual(timeByLabel(stackTimes(profile), rules), [
      ['products', 4],
      ['training', 2],
      ['other', 0.5],
    ]);
  });

  it('let a rule ask for the function that ran itself', () => {
    const rules = [
      { label: 'itself', pattern: /train\.ts#/, innermost: true },
      { label: 'below', pattern: /train\.ts#/ },
    ];
    assert.deepEqual(timeByLabel(stackTimes(profile), rules).slice(0, 2), [
      ['below', 4],
      ['itself', 2],
    ]);
  });

  it('name what the engine does', () => {
    const time = (...stack: [string, string][]): StackTime => ({
      stack: stack.map(([name, file]) => ({ name, file })),
      milliseconds: 1,
    });
    const label = (one: StackTime): string => timeByLabel([one], operationRules)[0][0];
    const core = '../node_modules/@tensorflow/tfjs-core/src/engine.ts';
    assert.equal(label(time(['(garbage collector)', ''])), 'garbage collection');
    assert.equal(
      label(time(['runKernel', core], ['sparseProduct', 'server/src/tensor/sparseProduct.ts'])),
      'bookkeeping of tfjs',
    );
    assert.equal(label(time(['server/src/tensor/kernels/gemm/tile4x8', 'wasm://wasm/0'])), 'matrix products');
    const product: [string, string] = ['multiply', 'server/src/tensor/sparseProduct.ts'];
    assert.equal(label(time(['map', ''], ['tidy', core], product)), 'message passing and readout');
  });
});
