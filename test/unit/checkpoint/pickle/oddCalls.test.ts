import assert from 'node:assert/strict';
import { callProblem, stateProblem } from '../../../../server/src/checkpoint/pickle/oddCalls';
import { GlobalReference, PickleObject, PickleTuple } from '../../../../server/src/checkpoint/pickle/values';

const ref = (path: string): GlobalReference => {
  const dot = path.lastIndexOf('.');
  return new GlobalReference(path.slice(0, dot), path.slice(dot + 1), 0);
};

describe('callProblem', () => {
  it('is what makes a harmless callable harmful', () => {
    assert.match(callProblem(ref('_codecs.encode'), ['x', 'rot13']) ?? '', /hides/);
    for (const array of ['numpy.ndarray', 'numpy.recarray', 'numpy.rec.recarray'])
      assert.match(callProblem(ref(array), []) ?? '', /addresses/, array);
    for (const caller of ['copyreg.__newobj__', 'copy_reg._reconstructor', 'torch._tensor._rebuild_from_type_v2']) {
      assert.match(callProblem(ref(caller), [ref('numpy.dtype'), 'V8']) ?? '', /not looked at/, caller);
      assert.match(callProblem(ref(caller), [ref('a.B'), ref('numpy.ndarray')]) ?? '', /not looked at/, caller);
      // Computed as a whole.
      assert.match(callProblem(ref(caller), [new PickleObject(ref('builtins.tuple'), [])]) ?? '', /not looked at/);
    }
  });

  it('is nothing else', () => {
    assert.equal(callProblem(ref('_codecs.encode'), ['x', 'latin1']), undefined);
    assert.equal(callProblem(ref('copyreg._reconstructor'), [ref('a.B'), ref('builtins.object'), null]), undefined);
    assert.equal(callProblem(ref('torch._tensor._rebuild_from_type_v2'), [ref('torch._utils._rebuild')]), undefined);
    assert.equal(callProblem(ref('numpy.core.multiarray._reconstruct'), [ref('numpy.ndarray')]), undefined);
  });
});

describe('stateProblem', () => {
  it('is about loggers and element types', () => {
    const restored = (path: string): PickleObject => {
      const made = new PickleObject(ref(path), ['i4']);
      made.states.push(new PickleTuple([]));
      return made;
    };
    assert.match(stateProblem(restored('logging.getLogger')) ?? '', /logger/);
    assert.match(stateProblem(restored('numpy.dtype')) ?? '', /addresses/);
    assert.match(stateProblem(restored('numpy.dtypes.VoidDType')) ?? '', /addresses/);
    assert.equal(stateProblem(restored('numpy.core.multiarray._reconstruct')), undefined);
  });
});
