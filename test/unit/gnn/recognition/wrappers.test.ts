import assert from 'node:assert/strict';
import { servesTraining, withoutWrappers } from '../../../../server/src/gnn/recognition/wrappers';
import { tensorOf } from '../../../support/numericFixture';

function unwrapped(...names: string[]): string[] {
  const tensors = new Map(names.map((name) => [name, tensorOf(name, [1], [0])]));
  const found = withoutWrappers(tensors);
  assert.deepEqual(
    [...found.values()].map(({ name }) => name),
    names,
  );
  return [...found.keys()];
}

describe('withoutWrappers', () => {
  it('takes off what is before all names', () => {
    assert.deepEqual(unwrapped('module._orig_mod.convs.0.bias', 'module._orig_mod.lin.bias'), [
      'convs.0.bias',
      'lin.bias',
    ]);
    assert.deepEqual(unwrapped('model.gnn.lin.weight', 'model.head.weight'), ['gnn.lin.weight', 'head.weight']);
  });

  it('leaves lists of layers and names of parts', () => {
    assert.deepEqual(unwrapped('convs.0.bias', 'convs.1.bias'), ['convs.0.bias', 'convs.1.bias']);
    assert.deepEqual(unwrapped('lin.weight', 'lin.bias'), ['lin.weight', 'lin.bias']);
    assert.deepEqual(unwrapped('conv1.lin.weight', 'conv1.att.bias'), ['conv1.lin.weight', 'conv1.att.bias']);
    assert.deepEqual(unwrapped('module.a.b', 'modules.a.b'), ['module.a.b', 'modules.a.b']);
    assert.deepEqual(unwrapped(), []);
  });
});

describe('servesTraining', () => {
  it('knows weights of losses by their names', () => {
    for (const name of ['criterion.weight', 'loss_fn.weight', 'class_weights']) assert.ok(servesTraining(name), name);
    for (const name of ['lossy.weight', 'model.loss.weight', 'convs.0.bias']) assert.ok(!servesTraining(name), name);
  });
});
