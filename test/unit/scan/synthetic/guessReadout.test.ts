import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../../../../server/src/gnn/graphModel';
import { guessReadout } from '../../../../server/src/scan/synthetic/guessReadout';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { countingModel, cleanGraphs, layout } from '../handMade';

describe('a guessed readout', () => {
  before(() => selectBackend('cpu'));

  it('is a sum where its logits are of a usual size, a mean where they are not', () => {
    const usual = scaled(0.05);
    const large = scaled(10);
    assert.equal(guessReadout(usual, cleanGraphs(20), layout), 'sum');
    assert.equal(guessReadout(large, cleanGraphs(20), layout), 'mean');
    usual.dispose();
    large.dispose();
  });
});

/** The counting model with its output weights multiplied. */
function scaled(factor: number): GraphModel {
  const model = countingModel(0);
  const { weight } = model.parameters.output;
  const values = weight.dataSync<'float32'>().map((value) => factor * value);
  model.dispose();
  const scaledModel = countingModel(0);
  scaledModel.parameters.output.weight.assign(tf.tensor2d(values, weight.shape));
  return scaledModel;
}
