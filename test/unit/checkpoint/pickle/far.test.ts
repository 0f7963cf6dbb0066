import assert from 'node:assert/strict';
import { FarBytes, FarText } from '../../../../server/src/checkpoint/pickle/far';
import { CountedSource } from '../sampleSource';

describe('FarBytes', () => {
  it('is a part of the stream, of which no more is read than is asked for', () => {
    const source = new CountedSource(Uint8Array.from({ length: 100_000 }, (_, i) => i % 256));
    const far = new FarBytes(source, 10, 50_000);
    assert.equal(far.length, 50_000);
    assert.deepEqual(far.subarray(49_998, 60_000), Uint8Array.of((10 + 49_998) % 256, (10 + 49_999) % 256));
    assert.equal(far.head()[0], 10);
    assert.ok(source.asked < 5_000);
  });
});

describe('FarText', () => {
  const text = '\ufeff\u00fc\u{1f600}'.repeat(20_000);
  const encoded = Buffer.from(text);

  it('is the text, and says what reading it takes', () => {
    const far = new FarText(new CountedSource(encoded));
    assert.equal(far.length, encoded.length);
    const budget = { left: 10_000 };
    assert.equal(far.read(budget), text);
    assert.equal(budget.left, 10_000 - Math.floor(encoded.length / 64));
  });

  it('begins as the text does', () => {
    const source = new CountedSource(encoded);
    const head = new FarText(source).head();
    assert.equal(head.slice(0, 2000), text.slice(0, 2000));
    assert.ok(source.asked < 10_000);
  });
});
