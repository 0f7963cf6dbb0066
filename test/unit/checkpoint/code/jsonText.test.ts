import assert from 'node:assert/strict';
import { findJson, jsonOf, looksLikeJson, shownJson } from '../../../../server/src/checkpoint/code/jsonText';
import { processorTime } from '../../../support/processorTime';

const key = 'class_name';
const found = (text: string) => findJson(Buffer.from(text, 'latin1'), key).found.map(({ value }) => value);

describe('findJson', () => {
  it('finds whole objects between binary data', () => {
    const text = '{"a": {"class_name": "D{}\\"}"}}';
    const bytes = Buffer.from(`\x00\x01${text}\x00`, 'latin1');
    assert.deepEqual(findJson(bytes, key), {
      found: [{ value: JSON.parse(text) as unknown, offset: 2 }],
      isComplete: true,
    });
  });

  it('takes no object before the key for the one that holds it', () => {
    assert.deepEqual(found('{}{"class_name": "A"}'), [{ class_name: 'A' }]);
    assert.deepEqual(found('{"class_name": "A"} "class_name"'), [{ class_name: 'A' }]);
  });

  it('reads keys that are written with escapes', () => {
    assert.deepEqual(found('{"class\\u005Fname": "A"}'), [{ class_name: 'A' }]);
  });

  it('takes numbers that Python takes', () => {
    assert.deepEqual(found('{"class_name": "A", "x": [NaN, -Infinity]}'), [{ class_name: 'A', x: [null, null] }]);
  });

  it('finds the inner object where the outer one does not end', () => {
    assert.deepEqual(found('{"x": {"config": {"y": {}}, "class_name": "A"'), []);
    assert.deepEqual(found('{ {"config": {"y": {}}, "class_name": "A"}'), [{ config: { y: {} }, class_name: 'A' }]);
  });

  it('says when there is more than it looks at, in time proportional to the bytes', () => {
    for (const decoy of ['{"class_name":', '"class_name"', '{{{{"class_name"']) {
      const bytes = Buffer.from(decoy.repeat(100_000));
      const time = processorTime(() => assert.equal(findJson(bytes, key).isComplete, false, decoy));
      assert.ok(time < 5000, `${decoy}: ${time} ms`);
    }
  });
});

describe('looksLikeJson', () => {
  it('asks for an object, which jsonOf reads to its end', () => {
    assert.ok(looksLikeJson(Buffer.from('\ufeff { "a"')));
    assert.ok(!looksLikeJson(Buffer.from('{}')) && !looksLikeJson(Buffer.from('["a"]')));
    assert.ok(jsonOf(Buffer.from('{"a": NaN}')) !== undefined && jsonOf(Buffer.from('{"a": 1} x')) === undefined);
  });

  it('takes the encodings and spaces that Python takes', () => {
    const text = '{"a": NaN}';
    const wide = Buffer.from([...text].flatMap((letter) => [0, 0, 0, letter.charCodeAt(0)]));
    for (const bytes of [
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      wide,
      Buffer.from(wide).swap32(),
      Buffer.from(' '.repeat(500) + text),
    ]) {
      assert.ok(looksLikeJson(bytes));
      assert.deepEqual(jsonOf(bytes), { a: null });
    }
    assert.ok(!looksLikeJson(Buffer.alloc(70_000)));
  });
});

describe('shownJson', () => {
  it('is the JSON of small values', () => {
    for (const value of [null, 'a"b', 1.5, [], {}, [1, [true, {}]], { a: [{ b: 'c' }], d: null }]) {
      assert.equal(shownJson(value, 100), JSON.stringify(value));
    }
    assert.equal(shownJson(undefined, 100), undefined);
  });

  it('is the beginning of it where they are long or deep', () => {
    let deep: unknown = 'end';
    for (let i = 0; i < 100_000; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
    for (const value of [deep, 'x'.repeat(1e6), new Array(1e6).fill(0), { a: 'y'.repeat(1e6), b: 1 }]) {
      const shown = shownJson(value, 120) ?? '';
      assert.equal(shown.length, 120);
      if (value !== deep) assert.ok(JSON.stringify(value).startsWith(shown));
    }
  });
});
