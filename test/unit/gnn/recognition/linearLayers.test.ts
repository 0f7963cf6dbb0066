import assert from 'node:assert/strict';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { readLayerNetwork, readLinear } from '../../../../server/src/gnn/recognition/linearLayers';
import { tensorOf } from '../../../support/numericFixture';

/** Tensors of the given shapes. */
function tensorsOf(shapes: Record<string, readonly number[]>): Map<string, Tensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      tensorOf(name, shape, new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0)),
    ]),
  );
}

const linear = (place: number, outputs: number, inputs: number): Record<string, number[]> => ({
  [`nn.${place}.weight`]: [outputs, inputs],
  [`nn.${place}.bias`]: [outputs],
});
const norm = (place: number, width: number): Record<string, number[]> =>
  Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`nn.${place}.${part}`, [width]]));

describe('readLinear', () => {
  it('reads the sizes', () => {
    const { inputs, outputs } = readLinear(tensorsOf(linear(0, 4, 3)), 'nn.0');
    assert.deepEqual([outputs, inputs], [4, 3]);
  });

  it('says which tensor is missing or of another shape', () => {
    const read = (shapes: Record<string, readonly number[]>) => () => readLinear(tensorsOf(shapes), 'lin');
    assert.throws(read({}), /lin\.weight: a matrix was expected, found no such tensor/);
    assert.throws(read({ 'lin.weight': [3] }), /lin\.weight: a matrix was expected, found shape \[3\]/);
    assert.throws(read({ 'lin.weight': [3, 0] }), /lin\.weight: a matrix was expected, found shape \[3, 0\]/);
    assert.throws(read({ 'lin.weight': [2, 3] }), /lin\.bias: shape \[2\] was expected, found no such tensor/);
    assert.throws(read({ 'lin.weight': [2, 3], 'lin.bias': [3] }), /lin\.bias: shape \[2\].*found shape \[3\]/);
  });
});

describe('readLayerNetwork', () => {
  const read = (shapes: Record<string, readonly number[]>, places: readonly number[]) => () =>
    readLayerNetwork(tensorsOf(shapes), 'nn.', places);

  it('reads linear, BatchNorm, ReLU, linear, BatchNorm, a BatchNorm or two missing', () => {
    const full = { ...linear(0, 4, 3), ...norm(1, 4), ...linear(3, 4, 4), ...norm(4, 4) };
    assert.deepEqual(
      read(full, [0, 1, 3, 4])().map(({ names }) => names),
      [
        { linear: 'nn.0', norm: 'nn.1' },
        { linear: 'nn.3', norm: 'nn.4' },
      ],
    );
    assert.doesNotThrow(read({ ...linear(0, 4, 3), ...linear(2, 4, 4), ...norm(3, 4) }, [0, 2, 3]));
    assert.doesNotThrow(read({ ...linear(0, 4, 3), ...linear(2, 4, 4) }, [0, 2]));
  });

  it('refuses other sequences, whose meaning is another', () => {
    assert.throws(read(linear(0, 4, 3), [0]), /2 linear layers were expected in nn\.\*, found 1/);
    assert.throws(read({ ...linear(0, 4, 3), ...linear(1, 4, 4) }, [0, 1]), /nn\.1: there is no room for a ReLU/);
    assert.throws(
      read({ ...linear(0, 4, 3), ...norm(1, 4), ...linear(2, 4, 4) }, [0, 1, 2]),
      /nn\.2: there is no room for a ReLU/,
    );
    // A BatchNorm behind the ReLU.
    assert.throws(
      read({ ...linear(0, 4, 3), ...norm(2, 4), ...linear(3, 4, 4) }, [0, 2, 3]),
      /nn\.2: it stands where no module with tensors was expected/,
    );
    // LayerNorm: it has a scale and a shift, but no statistics.
    assert.throws(
      read({ ...linear(0, 4, 3), 'nn.1.weight': [4], 'nn.1.bias': [4], ...linear(3, 4, 4) }, [0, 1, 3]),
      /nn\.1\.running_mean: shape \[4\] was expected, found no such tensor/,
    );
  });
});
