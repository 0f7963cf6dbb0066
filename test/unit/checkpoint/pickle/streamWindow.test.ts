import assert from 'node:assert/strict';
import { StreamWindow } from '../../../../server/src/checkpoint/pickle/streamWindow';
import { CountedSource } from '../sampleSource';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);

describe('StreamWindow', () => {
  it('has the bytes at any place, in memory and by ranges', () => {
    for (const source of [bytes, new CountedSource(bytes)]) {
      const window = new StreamWindow(source);
      for (const [place, count] of [
        [0, 1],
        [4000, 1000],
        [2_999_999, 1],
        [5, 2_000_000],
        [2_000_004, 3],
      ]) {
        const at = window.locate(place, count);
        assert.deepEqual(window.bytes.slice(at, at + count), bytes.slice(place, place + count));
        assert.equal(window.view.getUint8(at), place % 251);
      }
    }
  });

  it('reads little where it goes from place to place, and each byte once where it goes on', () => {
    const source = new CountedSource(bytes);
    const window = new StreamWindow(source);
    for (let place = 0; place < bytes.length; place += 100_000) window.locate(place, 8);
    assert.ok(source.asked <= 30 * 4096, String(source.asked));
    source.asked = 0;
    for (let place = 0; place < bytes.length; place++) window.locate(place, 1);
    assert.equal(source.asked, bytes.length);
  });
});
