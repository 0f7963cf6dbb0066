import assert from 'node:assert/strict';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { readSequence } from '../../../../server/src/gnn/recognition/sequence';
import { tensorOf } from '../../../support/numericFixture';

type Shapes = Record<string, readonly number[]>;

const linear = (name: string, outputs: number, inputs: number): Shapes => ({
  [`${name}.weight`]: [outputs, inputs],
  [`${name}.bias`]: [outputs],
});
const norm = (name: string, width: number): Shapes =>
  Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [width]]));

/** The steps of a sequence: `linear`, `norm` or `activation`. */
function steps(shapes: Shapes): string {
  const tensors = new Map<string, Tensor>(
    Object.entries(shapes).map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, tensorOf(name, shape, new Array<number>(length).fill(0))];
    }),
  );
  return readSequence(tensors, 'nn', [...tensors.keys()], {})
    .steps.map((step) => step.step)
    .join(' ');
}

describe('readSequence', () => {
  it('has an activation wherever an nn.Sequential has room', () => {
    const full = { ...linear('nn.0', 4, 3), ...norm('nn.1', 4), ...linear('nn.3', 4, 4), ...norm('nn.4', 4) };
    assert.equal(steps(full), 'linear norm activation linear norm');
    // Linear, ReLU, Linear, ReLU, BatchNorm.
    const behind = { ...linear('nn.0', 4, 3), ...linear('nn.2', 4, 4), ...norm('nn.4', 4) };
    assert.equal(steps(behind), 'linear activation linear activation norm');
    assert.equal(steps({ ...linear('nn.0', 4, 3), ...linear('nn.1', 4, 4) }), 'linear linear');
  });

  it('puts lists beside each other together by their numbers', () => {
    const lists = {
      ...{ ...norm('nn.norms.0.module', 4), ...linear('nn.lins.1', 5, 4), ...linear('nn.lins.0', 4, 3) },
    };
    assert.equal(steps(lists), 'linear norm activation linear');
    assert.equal(
      steps({ ...linear('nn.linears.0', 4, 3), ...linear('nn.linears.1', 4, 4), ...norm('nn.batch_norm', 4) }),
      'linear norm activation linear',
    );
  });

  it('takes LayerNorm for what it is', () => {
    const layerNorm = { 'nn.1.weight': [4], 'nn.1.bias': [4] };
    assert.equal(
      steps({ ...linear('nn.0', 4, 3), ...layerNorm, ...linear('nn.3', 4, 4) }),
      'linear norm activation linear',
    );
  });

  it('refuses what does not fit', () => {
    assert.throws(
      () => steps({ ...linear('nn.0', 4, 3), ...linear('nn.2', 4, 5) }),
      /nn\.2\.weight: 4 columns were expected/,
    );
    assert.throws(
      () => steps({ ...linear('nn.0', 4, 3), ...norm('nn.1', 5) }),
      /nn\.1\.weight: shape \[4\] was expected/,
    );
    assert.throws(
      () => steps({ ...linear('nn.0', 4, 3), 'nn.1.scale': [1] }),
      /nn\.1\.scale: it stands where no module/,
    );
    assert.throws(
      () => steps({ ...linear('nn.lins.0', 4, 3), ...linear('nn.lins.2', 4, 4) }),
      /nn\.lins\.2\.weight: it stands/,
    );
    assert.throws(() => steps(norm('nn.0', 4)), /a linear layer was expected beside nn\.0/);
  });
});
