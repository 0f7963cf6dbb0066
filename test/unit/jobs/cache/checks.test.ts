import assert from 'node:assert/strict';
import {
  isAnyOf,
  isFlag,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isPair,
  isRecord,
  isText,
  optional,
  orNull,
} from '../../../../server/src/jobs/cache/checks';

describe('checks of plain data', () => {
  it('tell numbers that JSON has from others', () => {
    assert.deepEqual([0, -1.5, NaN, Infinity, '1', null].map(isNumber), [true, true, false, false, false, false]);
  });

  it('look at every item of a list, pair or record', () => {
    assert.equal(isList(isText)(['a', 'b']), true);
    assert.equal(isList(isText)(['a', 1]), false);
    assert.equal(isList(isText)({ length: 0 }), false);
    assert.equal(isPair(isNumber)([1, 2]), true);
    assert.equal(isPair(isNumber)([1, 2, 3]), false);
    assert.equal(isRecord(isFlag)({ a: true }), true);
    assert.equal(isRecord(isFlag)({ a: 1 }), false);
    assert.equal(isRecord(isFlag)([true]), false);
  });

  it('want every field of an object that is not optional, and leave others alone', () => {
    const isPoint = isObject<{ x: number; name?: string; z: number | null }>({
      x: isNumber,
      name: optional(isText),
      z: orNull(isNumber),
    });
    assert.equal(isPoint({ x: 1, z: null }), true);
    assert.equal(isPoint({ x: 1, z: 2, name: 'a', more: [] }), true);
    assert.equal(isPoint({ x: 1, z: 2, name: 3 }), false);
    assert.equal(isPoint({ z: 2 }), false);
    assert.equal(isPoint({ x: 1 }), false);
    assert.equal(isPoint(null), false);
    assert.equal(isPoint([]), false);
  });

  it('choose among words and alternatives', () => {
    assert.equal(isOneOf(['a', 'b'])('b'), true);
    assert.equal(isOneOf(['a', 'b'])('c'), false);
    const either = isAnyOf(isText, isNumber);
    assert.deepEqual(['x', 1, true].map(either), [true, true, false]);
  });
});
