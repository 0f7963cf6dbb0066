import assert from 'node:assert/strict';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { guessNames } from '../../../../server/src/gnn/recognition/shapeGuess';
import { dialectTensors } from '../../../support/dialects';
import { tensorOf } from '../../../support/numericFixture';

function linears(sizes: Readonly<Record<string, readonly [number, number]>>): Map<string, Tensor> {
  return new Map(
    Object.entries(sizes).flatMap(([name, [outputs, inputs]]) =>
      [
        tensorOf(`${name}.weight`, [outputs, inputs], new Array<number>(outputs * inputs).fill(0.5)),
        tensorOf(`${name}.bias`, [outputs], new Array<number>(outputs).fill(0)),
      ].map((tensor): [string, Tensor] => [tensor.name, tensor]),
    ),
  );
}

describe('guessNames', () => {
  it('offers a GIN for sequences of two linear layers each, which then is recognised if the user says so', () => {
    const tensors = dialectTensors('other-names.safetensors');
    const names = guessNames(tensors);
    assert.deepEqual(names, { 'first.alpha': 'convs.0.nn', 'second.alpha': 'convs.1.nn', answer: 'lin' });
    assert.throws(
      () => recogniseArchitecture(tensors),
      /by shapes alone it could be a GIN with "tensors": \{"first\.alpha"/,
    );
    assert.equal(recogniseArchitecture(tensors, { tensors: names }).architecture.layers, 2);
  });

  it('orders single linear layers by their widths', () => {
    const tensors = linears({ d: [2, 4], a: [5, 3], c: [4, 6], b: [6, 5] });
    const names = guessNames(tensors);
    assert.deepEqual(names, { a: 'convs.0.nn.0', b: 'convs.0.nn.2', c: 'lin1', d: 'lin2' });
    assert.equal(recogniseArchitecture(tensors, { tensors: names }).architecture.head, 2);
  });

  it('offers nothing where widths form no chain, or there is something else', () => {
    assert.equal(guessNames(linears({ a: [5, 3], b: [6, 4], c: [2, 6] })), undefined);
    assert.equal(guessNames(linears({ a: [5, 3], b: [2, 5] })), undefined);
    const strange = linears({ a: [5, 3], b: [6, 5], c: [2, 6] }).set('scale', tensorOf('scale', [1], [1]));
    assert.equal(guessNames(strange), undefined);
  });
});
