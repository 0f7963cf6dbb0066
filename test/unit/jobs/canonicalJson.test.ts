import assert from 'node:assert/strict';
import { canonicalJson } from '../../../server/src/jobs/canonicalJson';

describe('canonicalJson', () => {
  it('is the same text for what means the same, in whatever order it was put together', () => {
    const text = '{"a":[{"c":1,"d":null},2],"b":"x"}';
    assert.equal(canonicalJson({ b: 'x', a: [{ d: null, c: 1 }, 2] }), text);
    assert.equal(canonicalJson({ a: [{ c: 1, d: null, e: undefined }, 2], b: 'x', z: undefined }), text);
  });

  it('keeps the order of lists, and tells numbers from their texts', () => {
    assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
    assert.notEqual(canonicalJson({ a: 1 }), canonicalJson({ a: '1' }));
  });

  it('sorts alike whatever the language of the system', () => {
    assert.equal(canonicalJson({ ä: 1, z: 2, Z: 3 }), '{"Z":3,"z":2,"ä":1}');
  });
});
