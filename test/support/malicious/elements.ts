/** Pickles that need no code: they have NumPy take stored bytes for the address of an object, which is as good. */

import * as asm from '../../unit/checkpoint/pickleAssembler';
import type { MaliciousSample } from './sample';
import { samplesCalled } from './sample';

const sample = samplesCalled('model.pkl');

/** An address that nothing has. */
const address = asm.binaryBytes(Buffer.from('AAAAAAAA'));

const none = asm.op('NONE');
const one = asm.op('BININT1', 1);
const shape = asm.bytesOf(one, asm.op('TUPLE1'));
const tuple = (...items: Uint8Array[]): Uint8Array => asm.bytesOf(asm.mark, ...items, asm.op('TUPLE'));
const call = (module: string, name: string, ...args: Uint8Array[]): Uint8Array =>
  asm.bytesOf(asm.global(module, name), tuple(...args), asm.reduce);
const minusOne = asm.op('BININT', '\xff\xff\xff\xff');

interface Described {
  readonly names?: Uint8Array;
  readonly fields?: Uint8Array;
  readonly bytes?: Uint8Array;
  readonly flags: number;
}

/** What `numpy.dtype` is restored from. */
const state = ({ names = none, fields = none, bytes = minusOne, flags }: Described): Uint8Array =>
  tuple(asm.op('BININT1', 3), asm.text('|'), none, names, fields, bytes, minusOne, asm.op('BININT1', flags));
const dtype = (code: string, described: Described): Uint8Array =>
  asm.bytesOf(call('numpy', 'dtype', asm.text(code)), state(described), asm.op('BUILD'));
const objects = dtype('O8', { flags: 63 });
const numbers = dtype('i8', { flags: 0 });
const field = (name: string, type: Uint8Array): Uint8Array =>
  asm.bytesOf(asm.text(name), type, asm.op('BININT1', 0), asm.op('TUPLE2'));
const fields = (...all: Uint8Array[]): Uint8Array => asm.bytesOf(asm.mark, ...all, asm.op('SETITEMS'));
const dict = asm.op('EMPTY_DICT');
const eight = asm.op('BININT1', 8);

/** An array of one element of a type. */
const array = (type: Uint8Array, content: Uint8Array): Uint8Array =>
  asm.bytesOf(
    call('numpy.core.multiarray', '_reconstruct', asm.global('numpy', 'ndarray'), shape, asm.text('b')),
    asm.bytesOf(tuple(one, shape, type, asm.op('NEWFALSE'), content), asm.op('BUILD')),
  );

const record = (described: Omit<Described, 'bytes'>): Uint8Array => dtype('V8', { bytes: eight, ...described });
const both = { names: tuple(asm.text('a'), asm.text('b')), fields: asm.bytesOf(dict, fields(field('a', objects), field('b', numbers))) }; // prettier-ignore
const asNumbers = /numbers may be taken for addresses in memory/;

export const elementSamples: readonly MaliciousSample[] = [
  sample({
    id: 'numpy-buffer',
    title: 'an array of objects over stored bytes',
    bytes: asm.stream(call('numpy', 'ndarray', shape, asm.text('O'), address)),
    finds: /calls numpy\.ndarray, which may take stored bytes for addresses in memory/,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-buffer-indirect',
    title: 'an array of objects over stored bytes, by way of copyreg',
    bytes: asm.stream(call('copyreg', '__newobj__', asm.global('numpy', 'ndarray'), shape, asm.text('O'), address)),
    finds: /has copyreg\.__newobj__ call what is not looked at/,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-flags',
    title: 'objects that are described as numbers',
    bytes: asm.stream(array(dtype('O8', { flags: 0 }), address)),
    finds: asNumbers,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-overlap',
    title: 'records whose numbers lie over an object',
    bytes: asm.stream(array(record({ ...both, flags: 27 }), asm.op('EMPTY_LIST'))),
    finds: asNumbers,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-late-fields',
    title: 'records whose fields become others when they were looked at',
    bytes: asm.stream(
      asm.bytesOf(dict, asm.op('BINPUT', 9), asm.op('POP')),
      record({
        names: asm.bytesOf(asm.text('a'), asm.op('TUPLE1')),
        fields: asm.bytesOf(asm.op('BINGET', 9), fields(field('a', numbers))),
        flags: 0,
      }),
      asm.bytesOf(asm.op('POP'), asm.op('BINGET', 9), fields(field('a', objects))),
    ),
    finds: asNumbers,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-inner-later',
    title: 'records in records that are described when the outer ones were looked at',
    bytes: asm.stream(
      asm.bytesOf(call('numpy', 'dtype', asm.text('V8')), asm.op('BINPUT', 9), asm.op('POP')),
      record({
        names: asm.bytesOf(asm.text('a'), asm.op('TUPLE1')),
        fields: asm.bytesOf(dict, fields(field('a', asm.op('BINGET', 9)))),
        flags: 0,
      }),
      asm.bytesOf(asm.op('POP'), asm.op('BINGET', 9), state({ ...both, bytes: eight, flags: 27 }), asm.op('BUILD')),
    ),
    finds: asNumbers,
    level: 'unknown',
  }),
  sample({
    id: 'numpy-dtype-indirect',
    title: 'an element type that is restored by way of PyTorch',
    bytes: asm.stream(
      call(
        'torch._tensor',
        '_rebuild_from_type_v2',
        asm.global('numpy', 'dtype'),
        asm.global('numpy.dtypes', 'VoidDType'),
        tuple(asm.text('V8')),
        state({ ...both, bytes: eight, flags: 27 }),
      ),
    ),
    finds: /has torch\._tensor\._rebuild_from_type_v2 call what is not looked at/,
    level: 'unknown',
  }),
];
