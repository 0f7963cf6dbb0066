import assert from 'node:assert/strict';
import { packagesFor } from '../../../../client/tensorflow/packages';

describe('packagesFor', () => {
  const names = (platform: NodeJS.Platform, architecture: string): string[] =>
    packagesFor(platform, architecture).map(({ spec }) => spec);

  it('offers the GPU where there is CUDA', () => {
    const both = ['@tensorflow/tfjs-node@4.22.0', '@tensorflow/tfjs-node-gpu@4.22.0'];
    assert.deepEqual(names('linux', 'x64'), both);
    assert.deepEqual(names('win32', 'x64'), both);
  });

  it('offers the CPU alone on macOS and on ARM', () => {
    for (const [platform, architecture] of [
      ['darwin', 'x64'],
      ['darwin', 'arm64'],
      ['linux', 'arm64'],
    ] as const) {
      assert.deepEqual(names(platform, architecture), ['@tensorflow/tfjs-node@4.22.0']);
    }
  });

  it('offers nothing where it does not run', () => {
    assert.deepEqual(names('win32', 'arm64'), []);
    assert.deepEqual(names('linux', 'riscv64'), []);
  });
});
