import assert from 'node:assert/strict';
import { dtypeProblem, fieldsProblem } from '../../../../server/src/checkpoint/pickle/numpyTypes';
import {
  GlobalReference,
  PickleDict,
  PickleObject,
  PickleTuple,
  type PickleValue,
} from '../../../../server/src/checkpoint/pickle/values';

const tuple = (...items: PickleValue[]): PickleTuple => new PickleTuple(items);
/** A `numpy.dtype` that is restored from what `arraydescr_reduce` gives. */
function dtype(code: PickleValue, ...state: PickleValue[]): PickleObject {
  const made = new PickleObject(new GlobalReference('numpy', 'dtype', 0), [code, false, true]);
  if (state.length > 0) made.states.push(tuple(...state));
  return made;
}
function looked(code: PickleValue, ...state: PickleValue[]): PickleObject {
  const made = dtype(code, ...state);
  assert.equal(dtypeProblem(made), undefined, JSON.stringify(code));
  return made;
}
function fields(...all: readonly (readonly [string, PickleObject, number])[]): PickleDict {
  const dict = new PickleDict();
  for (const [name, type, offset] of all) dict.entries.push([name, tuple(type, offset)]);
  return dict;
}
const objects = looked('O8', 3, '|', null, null, null, -1, -1, 63);
const numbers = looked('i8', 3, '<', null, null, null, -1, -1, 0);
const names = tuple('a', 'b');

describe('dtypeProblem', () => {
  it('finds nothing in what NumPy writes', () => {
    looked('U3', 3, '<', null, null, null, 12, 4, 8);
    looked('M8', 4, '<', null, null, null, -1, -1, 0, tuple(new PickleDict(), tuple('ns', 1, 1, 1)));
    looked('f4', 1, '<', null, null, null, -1);
    looked('V12', 3, '|', null, names, fields(['a', objects, 0], ['title', objects, 0], ['b', looked('i4', 3, '<', null, null, null, -1, -1, 0), 8]), 12, 1, 27); // prettier-ignore
    looked('V16', 3, '|', null, names, fields(['a', numbers, 0], ['b', numbers, 8]), 16, 8, -112);
    looked('V8', 3, '|', null, names, fields(['a', numbers, 0], ['b', numbers, 0]), 8, 1, 16);
    const pair = looked('V16', 3, '|', tuple(objects, tuple(2)), null, null, 16, 8, 63);
    looked('V16', 3, '|', null, tuple('a'), fields(['a', pair, 0]), 16, 1, 27);
    looked(new GlobalReference('numpy', 'record', 0), 3, '|', null, tuple('a'), fields(['a', numbers, 0]), 8, 1, 16);
  });

  it('finds what has NumPy take numbers for addresses', () => {
    const plain = dtype('V8');
    for (const [what, bad] of Object.entries({
      'objects without their flags': dtype('O8', 3, '|', null, null, null, -1, -1, 0),
      'numbers with those of objects': dtype('i8', 3, '<', null, null, null, -1, -1, 63),
      'a number over an object': dtype('V8', 3, '|', null, names, fields(['a', objects, 0], ['b', numbers, 0]), 8, 1, 27), // prettier-ignore
      'a number in the middle of one': dtype('V16', 3, '|', null, names, fields(['a', objects, 0], ['b', numbers, 4]), 16, 1, 27), // prettier-ignore
      'an object in a record of numbers': dtype('V8', 3, '|', null, tuple('a'), fields(['a', objects, 0]), 8, 1, 0),
      'an object of fewer bytes': dtype('V4', 3, '|', null, tuple('a'), fields(['a', looked('O4', 3, '|', null, null, null, -1, -1, 63), 0]), 4, 1, 27), // prettier-ignore
      'a field behind the end': dtype('V8', 3, '|', null, tuple('a'), fields(['a', numbers, 4]), 8, 1, 0),
      'a field before the beginning': dtype('V8', 3, '|', null, tuple('a'), fields(['a', numbers, -8]), 8, 1, 0),
      'more elements than there are bytes': dtype('V8', 3, '|', tuple(numbers, tuple(100)), null, null, 8, 1, 0),
      'another size': dtype('S8', 3, '|', null, null, null, 800, 1, 0),
      'a field whose type may be told later': dtype('V8', 3, '|', null, tuple('a'), fields(['a', plain, 0]), 8, 1, 0),
      'a state that is computed': Object.assign(dtype('V8'), { states: [plain] }),
      'flags that are none': dtype('O8', 3, '|', null, null, null, -1, -1, null),
      'a type that is no code': dtype(new PickleDict(), 3, '|', null, null, null, 8, 1, 0),
      'a version that does not exist': dtype('i8', 5, '<', null, null, null, -1, -1, 0),
    })) {
      assert.match(dtypeProblem(bad) ?? '', /numbers may be taken for addresses in memory/, what);
    }
    numbers.states.push(tuple());
    assert.ok(dtypeProblem(numbers), 'a second state');
    numbers.states.pop();
  });

  it('leaves no dict of fields to be changed', () => {
    const dict = fields(['a', numbers, 0]);
    assert.equal(fieldsProblem(dict), undefined);
    looked('V8', 3, '|', null, tuple('a'), dict, 8, 1, 16);
    assert.match(fieldsProblem(dict) ?? '', /addresses/);
  });
});
