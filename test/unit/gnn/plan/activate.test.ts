import * as tf from '@tensorflow/tfjs-core';
import { activations, type Activation } from '../../../../protocol/model';
import { activate } from '../../../../server/src/gnn/plan/activate';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { testedBackends } from '../../../support/backends';
import { assertClose } from '../../defense/assertClose';

const inputs = [-3, -1, -0.1, 0.1, 1, 3];

/** `torch.nn.functional` of the inputs, and its gradients. */
const expected: Readonly<Record<Activation, readonly [values: number[], slopes: number[]]>> = {
  relu: [
    [0, 0, 0, 0.1, 1, 3],
    [0, 0, 0, 1, 1, 1],
  ],
  leaky_relu: [
    [-0.03, -0.01, -0.001, 0.1, 1, 3],
    [0.01, 0.01, 0.01, 1, 1, 1],
  ],
  elu: [
    [-0.950212932, -0.632120559, -0.095162582, 0.1, 1, 3],
    [0.049787068, 0.367879441, 0.904837418, 1, 1, 1],
  ],
  gelu: [
    [-0.004049694, -0.158655254, -0.046017216, 0.053982784, 0.841344746, 2.995950306],
    [-0.011945647, -0.083315471, 0.420476908, 0.579523092, 1.083315471, 1.011945647],
  ],
  tanh: [
    [-0.995054754, -0.761594156, -0.099667995, 0.099667995, 0.761594156, 0.995054754],
    [0.009866037, 0.419974342, 0.990066291, 0.990066291, 0.419974342, 0.009866037],
  ],
};

describe('activate', () => {
  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const kind of activations) {
        it(`is the ${kind} of PyTorch, with its gradient`, () => {
          const [values, slopes] = expected[kind];
          tf.tidy(() => {
            const x = tf.tensor2d(inputs, [2, 3]);
            const gradient = tf.grad((input) => tf.sum(activate(input as tf.Tensor2D, kind)));
            assertClose(activate(x, kind).dataSync(), values, 'values');
            assertClose(gradient(x).dataSync(), slopes, 'slopes');
          });
        });
      }
    });
  }
});
