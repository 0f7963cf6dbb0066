import assert from 'node:assert/strict';
import { runGrowingPickle } from '../../../server/src/checkpoint/growingPickle';
import { runPickle } from '../../../server/src/checkpoint/pickle/machine';
import { fixture } from './fixtureFiles';
import { CountedSource } from './sampleSource';

const budget = () => ({ left: 100_000 });

describe('runGrowingPickle', () => {
  const long = (end: string) => Buffer.from(`V${'x'.repeat(200_000)}\n0${end}`, 'latin1');
  const streams: readonly (readonly [string, Uint8Array])[] = [
    ['a pickle', Uint8Array.from(fixture('plain.pkl'))],
    ['a long line', long('cos\nsystem\n(tR.')],
    ['a line without an end', Buffer.from(`V${'x'.repeat(100_000)}`)],
    [
      'a long operand',
      Buffer.concat([Buffer.from('\x80\x02X\x40\x0d\x03\x00', 'latin1'), Buffer.alloc(200_000, 'x'), Buffer.from('.')]),
    ],
    ['an operand that is cut off', Buffer.from('\x80\x02X\xff\xff\xff\x00abc', 'latin1')],
    ['no pickle', Buffer.alloc(1 << 20, 0x7f)],
    ['nothing', new Uint8Array()],
  ];
  for (const [name, bytes] of streams) {
    it(`says of ${name} what is said of it in memory`, () => {
      const expected = runPickle(bytes, 0, budget());
      assert.deepEqual(runGrowingPickle(new CountedSource(bytes), 1 << 24, budget()), expected);
      assert.deepEqual(runGrowingPickle(bytes, 1 << 24, budget()), expected);
    });
  }

  it('reads little of what comes behind, and no more than it is told to', () => {
    const source = new CountedSource(Buffer.concat([fixture('plain.pkl'), Buffer.alloc(1 << 22, 1)]));
    const left = budget();
    assert.equal(runGrowingPickle(source, 1 << 24, left).fault, undefined);
    assert.ok(source.asked <= 1 << 13 && left.left < 100_000);
    const endless = new CountedSource(Buffer.alloc(1 << 22, 'N'));
    assert.ok(runGrowingPickle(endless, 1 << 16, budget()).fault);
    assert.ok(endless.asked <= 1 << 18);
  });
});
