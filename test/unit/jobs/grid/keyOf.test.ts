import assert from 'node:assert/strict';
import { keyOf } from '../../../../server/src/jobs/grid/keyOf';

describe('keyOf', () => {
  it('is the same whatever the order of properties, and with properties that are undefined', () => {
    const key = keyOf({ a: 1, b: { c: [1, 2], d: 'x' } });
    assert.match(key, /^[0-9a-f]{20}$/);
    assert.equal(keyOf({ b: { d: 'x', c: [1, 2], e: undefined }, a: 1 }), key);
  });

  it('differs where a value, a name or an order of items differs', () => {
    const all = [{ a: 1 }, { a: 2 }, { b: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(keyOf);
    assert.equal(new Set(all).size, all.length);
  });
});
