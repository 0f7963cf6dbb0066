import assert from 'node:assert/strict';
import fc from 'fast-check';
import { limits } from '../../../../server/src/checkpoint/limits';
import { FarBytes, FarText } from '../../../../server/src/checkpoint/pickle/far';
import { computedModule } from '../../../../server/src/checkpoint/pickle/importLog';
import { runPickle } from '../../../../server/src/checkpoint/pickle/machine';
import type { PickleRun } from '../../../../server/src/checkpoint/pickle/machine';
import { opcode } from '../../../../server/src/checkpoint/pickle/opcodes';
import type { PickleValue } from '../../../../server/src/checkpoint/pickle/values';
import {
  GlobalReference,
  OpaqueValue,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
} from '../../../../server/src/checkpoint/pickle/values';
import { fixture, fixtureNames, plainValues } from '../fixtureFiles';
import { joblibArray } from '../../../support/malicious/streams';
import * as asm from '../pickleAssembler';
import { CountedSource } from '../sampleSource';

const budget = () => ({ left: limits.pickleOperations });
const run = (bytes: Uint8Array): PickleRun => runPickle(bytes, 0, budget());

/** The value a whole stream loads to; the stream must be sound. */
function load(...parts: Parameters<typeof asm.stream>): PickleValue {
  const result = run(asm.stream(...parts));
  assert.equal(result.fault, undefined);
  return result.value ?? null;
}

/** Lists and tuples as arrays, byte strings by their text, dicts as entry lists: enough to compare with plain literals. */
function plain(value: PickleValue): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('latin1') };
  if (value instanceof PickleList || value instanceof PickleTuple) return value.items.map(plain);
  if (value instanceof PickleDict) return { entries: value.entries.map(([key, item]) => [plain(key), plain(item)]) };
  // Protocols up to 2 write byte strings as a call.
  if (value instanceof PickleObject && value.path === '_codecs.encode') return { bytes: value.args[0] };
  if (value instanceof PickleObject && /builtin.*\.bytes$/.test(value.path ?? '')) return { bytes: '' };
  return value;
}

describe('runPickle', () => {
  it('finds calls before, in and behind an array of objects of joblib at their bytes', () => {
    const call = asm.callWithText('os', 'system', 'x');
    const bytes = asm.bytesOf(
      asm.bytesOf(asm.proto(4), call, asm.op('MEMOIZE')),
      joblibArray(new Uint8Array(), 'O8', asm.bytesOf(asm.stream(call), call, asm.stop)),
    );
    const { imports, fault } = run(bytes);
    assert.equal(fault, undefined);
    const inside = bytes.length - asm.bytesOf(call, asm.stop, call, asm.stop).length;
    const behind = bytes.length - asm.bytesOf(call, asm.stop).length;
    const found = imports.filter(({ module, called }) => module === 'os' && called).map(({ offset }) => offset);
    assert.deepEqual(
      found.sort((a, b) => a - b),
      [2, inside, behind],
    );
  });

  describe('on streams written by CPython', () => {
    plainValues.values.forEach((encoded, protocol) => {
      it(`reads plain values of protocol ${protocol}`, () => {
        const result = run(Buffer.from(encoded, 'base64'));
        assert.equal(result.fault, undefined);
        const loaded = result.value;
        assert.ok(loaded instanceof PickleList);
        const [numbers, floats, texts, byteStrings, containers, shared] = loaded.items.map(plain) as unknown[][];
        assert.deepEqual(numbers, [
          ...[null, true, false, 0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, -(2 ** 31), 2 ** 31],
          ...[2n ** 53n, 2n ** 70n, -(2n ** 70n), -128],
        ]);
        assert.deepEqual(floats, [0, -0.5, 1e-3, Number.MAX_VALUE, Infinity, -Infinity]);
        assert.deepEqual(texts, [
          ...['', 'text', 'two\nlines', 'back\\slash \'quoted\' "twice"', '\u00fc \u4e2d \u{1f600}', 'x'.repeat(300)],
        ]);
        assert.deepEqual(byteStrings, [{ bytes: '' }, { bytes: "\x00\x01\xff'\n" }, { bytes: 'y'.repeat(300) }]);
        assert.deepEqual(containers, [
          ...[[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [], [[1]], { entries: [] }],
          {
            entries: [
              ['a', 1],
              [2, [3]],
            ],
          },
        ]);
        assert.deepEqual(shared, [['shared'], ['shared']]);
        const pair = loaded.items[5];
        assert.ok(pair instanceof PickleList);
        assert.equal(pair.items[0], pair.items[1], 'the memo gives the same object again');
      });
    });

    it('reads sets, byte arrays and keyword constructors', () => {
      const value = (name: 'set' | 'frozenset' | 'bytearray' | 'keywords') =>
        run(Buffer.from(plainValues[name], 'base64')).value ?? null;
      assert.deepEqual(plain(value('set')), [1]);
      assert.deepEqual(plain(value('frozenset')), [1]);
      assert.deepEqual(plain(value('bytearray')), { bytes: 'ab' });
      const made = value('keywords');
      assert.ok(made instanceof PickleObject);
      assert.equal(made.path, '__main__.Keywords');
      assert.deepEqual(made.args.map(plain), [1, { entries: [['size', 2]] }]);
    });
  });

  describe('on opcodes that CPython no longer writes', () => {
    it('reads INT with booleans, LONG, FLOAT and numbers in spellings of C as opaque', () => {
      const list = load(asm.mark, 'I01\nI00\nI7\nL8L\nF1.5\nFnan\nI0x1f\n', asm.op('LIST'));
      assert.ok(list instanceof PickleList);
      assert.deepEqual(list.items.slice(0, 6), [true, false, 7, 8, 1.5, NaN]);
      assert.ok(list.items[6] instanceof OpaqueValue);
    });

    it('reads STRING with escapes, BINSTRING and SHORT_BINSTRING', () => {
      assert.equal(load("S'o\\x73\\'\\101\\n'\n"), "os'A\n");
      assert.equal(load(asm.op('BINSTRING', asm.uint(2, 4), 'ab')), 'ab');
      assert.equal(load(asm.op('SHORT_BINSTRING', 2, 'ab')), 'ab');
    });

    it('keeps huge integers opaque', () => {
      const bytes = new Uint8Array(limits.pickleInteger + 1).fill(1);
      assert.ok(load(asm.op('LONG4', asm.uint(bytes.length, 4), bytes)) instanceof OpaqueValue);
      assert.ok(load(`L${'9'.repeat(100_000)}L\n`) instanceof OpaqueValue);
    });

    it('follows INST and OBJ as calls', () => {
      for (const body of [
        asm.bytesOf(asm.mark, asm.text('id'), asm.op('INST', 'os\nsystem\n')),
        asm.bytesOf(asm.mark, asm.global('os', 'system'), asm.text('id'), asm.op('OBJ')),
      ]) {
        const { imports, value } = run(asm.stream(body));
        assert.deepEqual(
          imports.map(({ module, name, called, argumentsText }) => ({ module, name, called, argumentsText })),
          [{ module: 'os', name: 'system', called: true, argumentsText: '"id"' }],
        );
        assert.ok(value instanceof PickleObject);
      }
    });

    it('follows text and binary memo, extension registry and persistent ids', () => {
      assert.equal(load(asm.text('a'), 'p5\n', asm.op('POP'), 'g5\n'), 'a');
      assert.equal(
        load(
          asm.text('a'),
          asm.op('LONG_BINPUT', asm.uint(70_000, 4)),
          asm.op('POP'),
          asm.op('LONG_BINGET', asm.uint(70_000, 4)),
        ),
        'a',
      );
      const { imports } = run(asm.stream(asm.op('EXT1', 7)));
      assert.deepEqual([imports[0].module, imports[0].name], ['copyreg', '_inverted_registry[7]']);
      const persistent = load('P12\n');
      assert.ok(persistent instanceof PersistentReference);
      assert.equal(persistent.id, '12');
    });

    it('follows DICT, DUP, POP_MARK, frames and buffers', () => {
      const dict = load(asm.mark, asm.text('k'), asm.integer(1), asm.op('DICT'));
      assert.deepEqual(plain(dict), { entries: [['k', 1]] });
      assert.deepEqual(plain(load(asm.integer(3), asm.op('DUP'), asm.op('TUPLE2'))), [3, 3]);
      assert.equal(load(asm.integer(3), asm.mark, asm.integer(4), asm.op('POP_MARK')), 3);
      assert.equal(load(asm.integer(3), asm.mark, asm.op('POP')), 3);
      assert.equal(load(asm.op('FRAME', asm.uint(2, 8)), asm.op('NONE')), null);
      assert.ok(load(asm.op('NEXT_BUFFER'), asm.op('READONLY_BUFFER')) instanceof OpaqueValue);
    });
  });

  describe('on imports', () => {
    it('records the byte offset of the importing opcode, called or not', () => {
      const { imports } = run(
        asm.stream(
          asm.global('os', 'system'),
          asm.global('posix', 'kill'),
          asm.text('x'),
          asm.op('TUPLE1'),
          asm.reduce,
        ),
      );
      assert.deepEqual(
        imports.map(({ name, offset, called }) => ({ name, offset, called })),
        [
          { name: 'system', offset: 2, called: false },
          { name: 'kill', offset: 13, called: true },
        ],
      );
    });

    it('notices a call of what lay in the memo, and each command of repeated calls', () => {
      const call = (command: string) =>
        asm.bytesOf(asm.op('BINGET', 0), asm.text(command), asm.op('TUPLE1'), asm.reduce, asm.op('POP'));
      const { imports } = run(
        asm.stream(
          asm.global('os', 'system'),
          asm.op('BINPUT', 0),
          asm.op('POP'),
          call('a'),
          call('b'),
          call('b'),
          asm.op('NONE'),
        ),
      );
      assert.deepEqual(
        imports.map((record) => record.argumentsText),
        ['"a"', '"b"'],
      );
      assert.ok(imports.every((record) => record.called));
    });

    it('does not list a thousand calls without text one by one', () => {
      const call = asm.bytesOf(asm.op('BINGET', 0), asm.integer(1), asm.op('TUPLE1'), asm.reduce, asm.op('POP'));
      const { imports } = run(
        asm.stream(asm.global('m', 'f'), asm.op('BINPUT', 0), ...Array<Uint8Array>(1000).fill(call)),
      );
      assert.equal(imports.length, 1);
    });

    it('resolves STACK_GLOBAL from literals, the memo and escaped strings', () => {
      for (const module of [asm.text('os'), asm.bytesOf(asm.text('os'), asm.op('MEMOIZE')), "S'\\x6f\\x73'\n"]) {
        const { imports, notes } = run(asm.stream(module, asm.text('system'), asm.op('STACK_GLOBAL')));
        assert.equal(`${imports[0].module}.${imports[0].name}`, 'os.system');
        assert.deepEqual(notes, []);
      }
    });

    it('says when a name is computed instead of guessing it', () => {
      const computed = asm.bytesOf(
        asm.global('_codecs', 'decode'),
        asm.text('bf'),
        asm.text('rot13'),
        asm.op('TUPLE2'),
        asm.reduce,
      );
      const { imports, notes } = run(asm.stream(computed, asm.text('system'), asm.op('STACK_GLOBAL')));
      assert.deepEqual(
        imports.map((record) => record.module),
        ['_codecs', computedModule],
      );
      assert.match(notes[0].reason, /computed while loading: _codecs\.decode\("bf", "rot13"\)/);
    });

    it('notes whatever changes an imported object itself', () => {
      for (const change of [
        asm.bytesOf(asm.global('sys', 'path'), asm.text('/tmp'), asm.op('APPEND')),
        asm.bytesOf(asm.global('sys', 'modules'), asm.text('os'), asm.global('evil', 'm'), asm.op('SETITEM')),
        asm.bytesOf(asm.global('torch.nn', 'Module'), asm.op('EMPTY_DICT'), asm.op('BUILD')),
      ]) {
        const { notes, fault } = run(asm.stream(change));
        assert.equal(fault, undefined);
        assert.match(notes[0].reason, /changes (sys|torch\.nn)\.\w+ itself/);
      }
    });

    it('calls nothing, and keeps what would have been called as data', () => {
      const made = load(asm.callWithText('os', 'system', 'id'), asm.op('EMPTY_DICT'), asm.op('BUILD'));
      assert.ok(made instanceof PickleObject);
      assert.ok(made.callable instanceof GlobalReference);
      assert.deepEqual(made.args, ['id']);
      assert.equal(made.states.length, 1);
    });

    it('gathers byte strings and texts that look like streams', () => {
      const { embedded } = run(
        asm.stream(asm.binaryBytes(asm.systemCall), asm.text('\x80\x02K\x01.'), asm.text('plain')),
      );
      assert.deepEqual(
        embedded.map(({ bytes }) => bytes.length),
        [asm.systemCall.length, 5],
      );
    });
  });

  describe('by ranges', () => {
    const long = (end: string) => Buffer.from(`V${'x'.repeat(200_000)}\n0${end}`, 'latin1');
    const streams: readonly (readonly [string, Uint8Array])[] = [
      ['a pickle', Uint8Array.from(fixture('plain.pkl'))],
      ['a long line', long('cos\nsystem\n(tR.')],
      ['a line without an end', Buffer.from(`V${'x'.repeat(100_000)}`)],
      ['an operand that is cut off', asm.bytesOf(asm.proto(2), asm.op('BINBYTES', asm.uint(70_000, 4), 'abc'))],
      ['no pickle', Buffer.alloc(1 << 20, 0x7f)],
      ['nothing', new Uint8Array()],
      ['many short opcodes', asm.stream(Buffer.alloc(300_000, 'N0'), asm.callWithText('os', 'system', 'id'))],
    ];
    for (const [name, bytes] of streams) {
      it(`says of ${name} what is said of it in memory`, () => {
        assert.deepEqual(runPickle(new CountedSource(bytes), 0, budget()), run(bytes));
      });
    }

    it('reads little of what comes behind, and little of long byte strings and texts', () => {
      const plain = new CountedSource(Buffer.concat([fixture('plain.pkl'), Buffer.alloc(1 << 22, 1)]));
      assert.equal(runPickle(plain, 0, budget()).fault, undefined);
      assert.ok(plain.asked < 1 << 16, String(plain.asked));
      const [bytes, text] = [Buffer.alloc(1 << 22, 1), 'x'.repeat(1 << 22)];
      const long = asm.stream(asm.binaryBytes(bytes), asm.text(text), asm.op('TUPLE2'));
      const source = new CountedSource(long);
      const { value } = runPickle(source, 0, budget());
      assert.ok(source.asked < 1 << 16, String(source.asked));
      assert.ok(value instanceof PickleTuple);
      const [first, second] = value.items;
      assert.ok(first instanceof FarBytes && second instanceof FarText);
      assert.deepEqual(first.subarray(0, first.length), Uint8Array.from(bytes));
      assert.equal(second.read(budget()), text);
    });

    it('imports by a long name as in memory', () => {
      const name = 'path.os.'.repeat(10_000) + 'system';
      const long = asm.stream(asm.text('os'), asm.text(name), asm.op('STACK_GLOBAL'), asm.emptyTuple, asm.reduce);
      assert.deepEqual(runPickle(new CountedSource(long), 0, budget()).imports, run(long).imports);
    });
  });

  describe('on broken and hostile streams', () => {
    const broken: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ['an empty stream', new Uint8Array(), /ends without STOP/],
      ['no STOP', asm.bytesOf(asm.proto(2), 'N'), /ends without STOP/],
      ['an unknown opcode', asm.bytesOf(asm.proto(2), 0xff), /0xff is no opcode/],
      ['a future protocol', asm.bytesOf(asm.proto(6), 'N.'), /protocol 6/],
      ['an operand cut off', asm.bytesOf(asm.op('BINUNICODE', asm.uint(100, 4), 'ab')), /operand of 100 bytes/],
      ['a negative length', asm.bytesOf(asm.op('BINSTRING', Buffer.of(0xff, 0xff, 0xff, 0xff), 'ab')), /operand of -1/],
      ['an 8-byte length beyond the file', asm.bytesOf(asm.op('BINBYTES8', Buffer.alloc(8, 0xff))), /operand of/],
      ['an empty stack', asm.bytesOf(asm.op('REDUCE')), /stack is empty/],
      ['values below a mark', asm.bytesOf('N', asm.mark, asm.op('TUPLE1')), /stack is empty/],
      ['a missing mark', asm.bytesOf(asm.op('TUPLE')), /mark/],
      ['an unset memo key', asm.bytesOf(asm.op('BINGET', 3)), /memo key 3/],
      ['a memo key that is no number', asm.bytesOf('Np-1\n'), /memo key/],
      ['a key without value', asm.bytesOf('}', asm.mark, 'Nu.'), /no value/],
      ['OBJ without class', asm.bytesOf(asm.mark, asm.op('OBJ')), /no class/],
      ['a line without end', asm.bytesOf('cos'), /line runs past/],
    ];
    for (const [name, bytes, reason] of broken) {
      it(`reports ${name}`, () => {
        const { fault, value } = run(bytes);
        assert.match(fault?.reason ?? '', reason);
        assert.equal(value, undefined);
        assert.equal(fault?.atLimit, false);
      });
    }

    it('keeps what came before the break', () => {
      const { imports, fault } = run(asm.bytesOf(asm.callWithText('os', 'system', 'id'), 0xff));
      assert.ok(fault);
      assert.equal(imports[0].argumentsText, '"id"');
    });

    it('stops at each of its limits, and says that they are its own', () => {
      const repeated = (unit: Uint8Array, count: number) => Buffer.alloc(unit.length * count, unit);
      for (const bytes of [
        repeated(asm.bytesOf('N0'), limits.pickleOperations),
        Buffer.alloc(limits.pickleStack + 1, 'N'),
        Buffer.alloc(limits.pickleMarks + 1, '('),
        repeated(asm.bytesOf(']', 0x94, '0'), limits.pickleMemo + 1),
        asm.op('UNICODE', Buffer.alloc(limits.pickleText + 1, 'x'), '\n'),
      ]) {
        assert.equal(run(bytes).fault?.atLimit, true);
      }
    });

    it('goes on behind texts that are longer than is read', () => {
      const length = limits.pickleText + 1;
      const text = asm.bytesOf(asm.op('BINUNICODE', asm.uint(length, 4)), Buffer.alloc(length, 'x'));
      const { imports, value } = run(asm.stream(text, asm.callWithText('os', 'system', 'id')));
      assert.ok(value instanceof PickleObject);
      assert.equal(imports[0].argumentsText, '"id"');
      const named = run(asm.stream(text, asm.text('system'), asm.op('STACK_GLOBAL')));
      assert.deepEqual([named.fault?.atLimit, named.fault?.reason], [true, 'a name is longer than is read']);
    });

    it('shares one budget over streams', () => {
      const shared = { left: 5 };
      assert.equal(runPickle(asm.bytesOf('N0N0N.'), 0, shared).fault?.atLimit, true);
      assert.equal(runPickle(asm.bytesOf('N.'), 0, shared).fault?.atLimit, true);
    });

    it('never throws on random streams of real opcodes', () => {
      const opcodes = Object.values(opcode);
      const unit = fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...opcodes).map((code) => Buffer.of(code)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)) },
        {
          weight: 2,
          arbitrary: fc
            .constantFrom(asm.global('a', 'b'), asm.text('x'), asm.mark, asm.emptyTuple)
            .map((bytes) => Buffer.from(bytes)),
        },
      );
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
          const bytes = Buffer.concat(units);
          const { end } = run(bytes);
          assert.ok(end <= bytes.length);
        }),
        { numRuns: 2000, seed: 1 },
      );
    });

    it('never throws on mutations of real streams', () => {
      const streams = fixtureNames.filter((name) => name.endsWith('.pkl') || name === 'legacy.pt').map(fixture);
      for (const original of streams) {
        for (let i = 0; i < original.length; i++) {
          const mutated = Uint8Array.from(original);
          mutated[i] ^= 1 << (i % 8);
          run(mutated);
          run(original.subarray(0, i));
        }
      }
    });
  });
});
