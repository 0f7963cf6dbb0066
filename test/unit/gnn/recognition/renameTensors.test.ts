import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { renameTensors, TensorNamesError } from '../../../../server/src/gnn/recognition/renameTensors';
import { tensorOf } from '../../../support/numericFixture';

function tensorsOf(...names: string[]): Map<string, Tensor> {
  return new Map(names.map((name, i) => [name, tensorOf(name, [1], [i])]));
}

function refusal(tensors: Map<string, Tensor>, names: Record<string, string>): TensorNamesError {
  try {
    renameTensors(tensors, names);
  } catch (error) {
    if (error instanceof TensorNamesError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the names were taken' });
}

describe('renameTensors', () => {
  const tensors = tensorsOf('encoder.a.fc.weight', 'encoder.a.fc.bias', 'encoder.ab.weight', 'out.weight');

  it('takes names of modules and of tensors, the longest first, and keeps those in the file', () => {
    const names = { encoder: 'body', 'encoder.a.fc': 'convs.0.nn.0', 'out.weight': 'lin.weight' };
    const renamed = renameTensors(tensors, names);
    assert.deepEqual(
      [...renamed].map(([name, tensor]) => [name, tensor.name]),
      [
        ['convs.0.nn.0.weight', 'encoder.a.fc.weight'],
        ['convs.0.nn.0.bias', 'encoder.a.fc.bias'],
        ['body.ab.weight', 'encoder.ab.weight'],
        ['lin.weight', 'out.weight'],
      ],
    );
    const hidden = refusal(tensors, { 'encoder.a': 'convs.0', 'encoder.a.fc': 'convs.0.nn.0' });
    assert.match(hidden.reason, /longer names are given for all that is in it/);
  });

  it('names both where two would be called the same', () => {
    const error = refusal(tensors, { 'out.weight': 'encoder.ab.weight' });
    assert.deepEqual(error.names, ['encoder.ab.weight', 'out.weight']);
    assert.match(error.message, /out\.weight: it and encoder\.ab\.weight would both be called encoder\.ab\.weight/);
  });

  it('names what is not in the file, and what it was said to be', () => {
    const error = refusal(tensors, { 'encoder.b': 'convs.0' });
    assert.deepEqual(error.names, ['encoder.b', 'convs.0']);
    assert.match(error.reason, /^encoder\.b was said to be convs\.0, but there is no such tensor or module$/);
    assert.match(refusal(tensors, { encode: 'convs' }).reason, /no such tensor/);
    assert.match(refusal(tensors, { out: '' }).reason, /must not be empty/);
  });

  it('gives every tensor one name, or a reason', () => {
    const name = fc.array(fc.constantFrom('a', 'b', '__proto__', '0'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')); // prettier-ignore
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), fc.dictionary(name, name, { maxKeys: 3 }), (all, names) => {
        try {
          const given = tensorsOf(...all);
          const renamed = renameTensors(given, names);
          assert.deepEqual(
            [...renamed.values()].map((tensor) => tensor.name),
            all,
          );
          assert.equal(renamed.size, all.length);
        } catch (error) {
          if (!(error instanceof TensorNamesError)) throw error;
        }
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
