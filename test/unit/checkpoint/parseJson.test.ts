import assert from 'node:assert/strict';
import { limits } from '../../../server/src/checkpoint/limits';
import { parseJson } from '../../../server/src/checkpoint/parseJson';

const parsed = (text: string | Uint8Array) => parseJson(Buffer.from(text), (reason) => new Error(reason));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('parseJson', () => {
  it('gives the value', () => {
    const text = '{"a": ["[[\\"{{", 1, {"\u00e9": null}]}';
    assert.deepEqual(parsed(text), JSON.parse(text));
  });

  it('says what is no JSON', () => {
    for (const text of ['', '{', '"\\', Uint8Array.of(0x22, 0xff, 0x22)]) {
      assert.throws(() => parsed(text), /it is no JSON in UTF-8/);
    }
  });

  it('refuses values deep in one another, counting none in texts', () => {
    assert.doesNotThrow(() => parsed(nested(limits.jsonDepth)));
    assert.throws(() => parsed(nested(limits.jsonDepth + 1)), /more than \d+ deep/);
    assert.equal(parsed(`"${'['.repeat(2 * limits.jsonDepth)}"`), '['.repeat(2 * limits.jsonDepth));
  });
});
