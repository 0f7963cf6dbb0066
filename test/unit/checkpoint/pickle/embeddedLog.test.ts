import assert from 'node:assert/strict';
import { wholeOf } from '../../../../server/src/checkpoint/byteSource';
import { limits } from '../../../../server/src/checkpoint/limits';
import { EmbeddedLog } from '../../../../server/src/checkpoint/pickle/embeddedLog';
import { FarBytes, FarText } from '../../../../server/src/checkpoint/pickle/far';
import type { PickleValue } from '../../../../server/src/checkpoint/pickle/values';
import * as asm from '../pickleAssembler';
import { CountedSource } from '../sampleSource';

/** A harmless pickle of some length, which is no text by itself. */
const pickle = Buffer.from(asm.stream(asm.binaryBytes(Buffer.alloc(100_000, 'x'))));

const farBytes = (bytes: Uint8Array) => new FarBytes(new CountedSource(bytes), 0, bytes.length);
const farText = (text: string) => new FarText(new CountedSource(Buffer.from(text)));

function logOf(...values: PickleValue[]) {
  const notes: string[] = [];
  const budget = { left: 1_000_000 };
  const log = new EmbeddedLog(budget, (reason) => notes.push(reason));
  values.forEach((value, i) => log.add(value, i));
  return { log, notes, budget };
}

describe('EmbeddedLog', () => {
  it('finds the same in values in memory and in those that are not', () => {
    const text = pickle.toString('latin1');
    const [base64, hex] = [pickle.toString('base64'), pickle.toString('hex')];
    const values = [pickle, text, base64, hex, farBytes(pickle), farText(text), farText(base64), farText(hex)];
    const encoded = [base64, hex].map((one) => farBytes(Buffer.from(one)));
    const { log, notes, budget } = logOf(null, 'x', farText('x'), ...values, ...encoded);
    assert.equal(log.found.length, 10);
    for (const { bytes } of log.found) assert.deepEqual(Buffer.from(wholeOf(bytes)), pickle);
    assert.deepEqual(log.found.map(({ offset }) => offset)[0], 3);
    assert.deepEqual(notes, []);
    assert.ok(budget.left < 1_000_000, 'what is read counts');
  });

  it('reads no more than the beginning of what is none', () => {
    const source = new CountedSource(Buffer.alloc(1 << 22, 1));
    logOf(new FarBytes(source, 0, source.length), new FarText(source));
    assert.ok(source.asked < 1 << 15);
  });

  it('says what it does not look into, and keeps what is unpickled whatever it looks like', () => {
    const base64 = Buffer.alloc(limits.pickleText + 4, pickle.subarray(0, 3).toString('base64').repeat(1000));
    const { log, notes } = logOf(base64, farBytes(base64));
    assert.equal(log.found.length, 0);
    assert.equal(notes.length, 2);
    assert.match(notes[0], /in an encoding of 16,777,220 bytes, which is longer than is looked into/);
    for (const value of [farBytes(Buffer.alloc(9000, 'N')), farText('N'.repeat(100_000)), 'N.', pickle]) {
      log.addUnpickled(value, 7);
    }
    assert.deepEqual(
      log.found.map(({ bytes, isUnpickled }) => [bytes.length, isUnpickled]),
      [
        [9000, true],
        [100_000, true],
        [2, true],
      ],
    );
  });
});
