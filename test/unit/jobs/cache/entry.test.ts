import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isNumber, isObject, isText, type Check } from '../../../../server/src/jobs/cache/checks';
import { decodeEntry, encodeEntry, entryName } from '../../../../server/src/jobs/cache/entry';

interface Result {
  readonly text: string;
  readonly value: number;
}
const isResult = isObject<Result>({ text: isText, value: isNumber });
const key = { kind: 'scan', model: 'ab', seed: 0 };
const kept = { result: { text: 'quiet', value: 0.25 }, computed: '2025-01-31T12:00:00.000Z' };

function encoded(): string {
  return encodeEntry(key, kept, isResult) ?? assert.fail('it could not be encoded');
}

describe('entries of the cache', () => {
  it('come back as they were', () => {
    assert.deepEqual(decodeEntry(encoded(), key, isResult), kept);
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, value) => {
        const result = { text, value: value + 0 };
        const entry = encodeEntry(key, { ...kept, result }, isResult);
        assert.deepEqual(decodeEntry(entry ?? '', key, isResult)?.result, result);
      }),
    );
  });

  it('are refused under another key', () => {
    for (const other of [{ ...key, seed: 1 }, { ...key, model: 'cd' }, { ...key, more: true }, {}]) {
      assert.equal(decodeEntry(encoded(), other, isResult), undefined);
      assert.notEqual(entryName(other), entryName(key));
    }
    assert.match(entryName(key), /^[0-9a-f]{64}\.json$/);
  });

  it('are refused when they hold something else than was asked for', () => {
    const isOther: Check<{ readonly name: string }> = isObject<{ readonly name: string }>({ name: isText });
    assert.equal(decodeEntry(encoded(), key, isOther), undefined);
  });

  it('are not made of what JSON cannot carry', () => {
    assert.equal(encodeEntry(key, { ...kept, result: { text: 'x', value: NaN } }, isResult), undefined);
  });

  it('are never taken for something else after any change of a byte, and never break the reader', () => {
    const text = encoded();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'{}[]",:0129aez \\\n'), (place, character) => {
        const changed = text.slice(0, place) + character + text.slice(place + 1);
        const found = decodeEntry(changed, key, isResult);
        if (found !== undefined) assert.deepEqual(found, kept);
      }),
      { numRuns: 500 },
    );
    for (let length = 0; length < text.length - 1; length += 7) {
      assert.equal(decodeEntry(text.slice(0, length), key, isResult), undefined);
    }
    for (const foreign of ['', 'null', '[]', '{"format":"graphnad-result/0"}', '"graphnad-result/1"']) {
      assert.equal(decodeEntry(foreign, key, isResult), undefined);
    }
  });
});
