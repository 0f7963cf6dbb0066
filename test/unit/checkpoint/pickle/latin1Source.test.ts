import assert from 'node:assert/strict';
import { Latin1Source } from '../../../../server/src/checkpoint/pickle/latin1Source';
import { CountedSource } from '../sampleSource';

describe('Latin1Source', () => {
  const text = 'a\xff\x80\xe9'.repeat(200_000);
  const texts: Readonly<Record<string, Uint8Array>> = {
    'bytes of all kinds': Buffer.from(text),
    'bytes of one kind': Buffer.alloc(1 << 19, 'a'),
    'other characters, which lose their upper bits': Buffer.from('\u4e2d\u{1f600}x'.repeat(100_000)),
    'what is no text': Buffer.alloc(700_000, Uint8Array.of(0x80, 0xbf, 0xe2, 0x82, 0xff)),
    'nothing but rests of characters': Buffer.alloc(1 << 19, 0x80),
    nothing: new Uint8Array(),
  };
  for (const [name, encoded] of Object.entries(texts)) {
    it(`has ${name} at any place`, () => {
      const expected = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded), 'latin1');
      const source = new Latin1Source(new CountedSource(encoded));
      assert.equal(source.length, expected.length);
      for (const [start, end] of [
        [0, expected.length],
        [1, 2],
        [150_000, 400_001],
        [expected.length - 3, expected.length + 10],
        [expected.length + 1, expected.length + 2],
      ]) {
        const from = Math.max(0, start);
        assert.deepEqual(Buffer.from(source.subarray(from, end)), expected.subarray(from, end));
      }
    });
  }

  it('goes through the text once, and reads parts of it then', () => {
    const counted = new CountedSource(Buffer.from(text));
    const source = new Latin1Source(counted);
    assert.equal(source.length, 800_000);
    assert.ok(counted.asked < 1_410_000, String(counted.asked));
    counted.asked = 0;
    source.subarray(400_000, 400_100);
    assert.ok(counted.asked <= 1 << 19, String(counted.asked));
  });
});
