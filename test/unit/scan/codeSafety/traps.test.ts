import assert from 'node:assert/strict';
import { inspectCode } from '../../../../server/src/checkpoint/inspectCode';
import { codeSafetyVerdict } from '../../../../server/src/scan/codeSafety';
import { processorTime } from '../../../support/processorTime';
import * as asm from '../../checkpoint/pickleAssembler';
import { rawZip } from '../../checkpoint/zipAssembler';

const repeated = (bytes: Uint8Array | string, count: number): Uint8Array =>
  Buffer.alloc(bytes.length * count, Buffer.from(bytes));

/** A tuple of as many values as the stack holds, in memo 1; `os.system` is in memo 0. */
const hugeTuple = asm.bytesOf(
  asm.bytesOf(asm.global('os', 'system'), asm.op('MEMOIZE'), asm.op('POP')),
  asm.bytesOf(asm.mark, repeated('N', 200_000), asm.op('TUPLE'), asm.op('MEMOIZE'), asm.op('POP')),
);

/** An array of joblib of the element type `dtype`, without elements. */
const joblibArray = (dtype: string): Uint8Array =>
  asm.bytesOf(
    asm.bytesOf(asm.global('joblib.numpy_pickle', 'NumpyArrayWrapper'), asm.emptyTuple, asm.op('NEWOBJ')),
    asm.bytesOf(asm.op('EMPTY_DICT'), asm.mark, asm.text('shape'), asm.op('BININT1', 0), asm.op('TUPLE1')),
    asm.bytesOf(asm.text('dtype'), asm.global('numpy', 'dtype'), asm.text(dtype), asm.op('TUPLE1'), asm.reduce),
    asm.bytesOf(asm.op('SETITEMS'), asm.op('BUILD')),
  );

/** Files whose parts are small and whose inspection would not end if each part were worth a look at all the others. */
const traps: Readonly<Record<string, () => Uint8Array>> = {
  'starts of lines without end': () => asm.bytesOf('x', repeated(Buffer.of(0x80, 2, 0x53), 500_000)),
  'starts of texts that overlap': () => {
    const start = asm.bytesOf(asm.proto(4), asm.op('BINUNICODE', asm.uint(2_000_000, 4)), Buffer.alloc(57, 'a'));
    return asm.bytesOf('x', repeated(start, 50_000));
  },
  'broken streams before a long tail': () =>
    asm.bytesOf(
      'x',
      repeated(asm.bytesOf(asm.proto(4), asm.global('os', 'system'), 'g99\n'), 5_000),
      repeated('N', 3_000_000),
    ),
  'a call with a huge tuple, over and over': () =>
    asm.stream(hugeTuple, repeated(asm.bytesOf('h', 0, 'h', 1, asm.reduce, asm.op('POP')), 100_000)),
  'NEWOBJ_EX with a huge tuple, over and over': () =>
    asm.stream(hugeTuple, repeated(asm.bytesOf('h', 0, 'h', 1, 'N', asm.op('NEWOBJ_EX'), asm.op('POP')), 100_000)),
  'tuples of tuples, doubled each time': () =>
    asm.stream(
      asm.global('os', 'system'),
      asm.text('x'),
      repeated(asm.bytesOf('2', asm.op('TUPLE2')), 50_000),
      asm.op('TUPLE1'),
      asm.reduce,
    ),
  'calls of results of calls': () => asm.stream(asm.global('os', 'system'), repeated(')R', 100_000)),
  'arrays of joblib': () => asm.bytesOf(asm.proto(4), repeated(joblibArray('u1'), 5_000), asm.stop),
  'arrays of joblib inside one another': () =>
    asm.bytesOf(repeated(asm.bytesOf(asm.proto(4), joblibArray('O8')), 5_000), asm.stop),
  'configurations without end': () =>
    asm.bytesOf(Buffer.from('894844460d0a1a0a', 'hex'), repeated('{"class_name":', 300_000)),
  'entries that look like lines of imports': () =>
    rawZip(Array.from({ length: 300 }, (_, i) => ({ name: `a/${i}`, data: repeated('c', 10_000) }))),
};

describe('inspectCode in bounded time', () => {
  for (const [name, make] of Object.entries(traps)) {
    it(`ends on ${name}, and does not call it harmless unless it is`, () => {
      const isHarmless = name.startsWith('entries');
      const time = processorTime(() => {
        assert.equal(codeSafetyVerdict(inspectCode(make(), name)) === 'safe', isHarmless);
      });
      assert.ok(time < 20_000, `${time} ms`);
    });
  }
});
