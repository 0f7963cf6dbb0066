/** Pickles that get at code through what is harmless by itself, or behind more than a scan can look at. */

import * as asm from '../../unit/checkpoint/pickleAssembler';
import type { MaliciousSample } from './sample';
import { command, payload, samplesCalled } from './sample';

const sample = samplesCalled('model.pkl');

const run = asm.bytesOf(asm.text(command), asm.op('TUPLE1'), asm.reduce);
const bare = asm.bytesOf(asm.stackGlobal('os', 'system'), run, asm.stop);

/** `getattr(torch._C._VariableFunctions, NAME)`, with both kept in the memo. */
const lookup = (name: Uint8Array) =>
  asm.bytesOf(asm.op('BINGET', 0), asm.op('BINGET', 1), name, asm.op('TUPLE2'), asm.reduce, asm.op('POP'));
const lookups = (...names: Uint8Array[]) =>
  asm.stream(
    asm.bytesOf(asm.global('builtins', 'getattr'), asm.op('BINPUT', 0), asm.op('POP')),
    asm.bytesOf(asm.global('torch._C', '_VariableFunctions'), asm.op('BINPUT', 1), asm.op('POP')),
    asm.bytesOf(...names.map(lookup), asm.op('NONE')),
  );

const unpickled = (argument: Uint8Array) =>
  asm.stream(asm.global('torch.storage', '_load_from_bytes'), argument, asm.op('TUPLE1'), asm.reduce);

/** An array of joblib of 64 bytes, by `states` that tell it in ways that joblib takes and does not write. */
const joblibArray = (...states: Uint8Array[]) =>
  asm.bytesOf(
    asm.bytesOf(asm.proto(4), asm.global('joblib.numpy_pickle', 'NumpyArrayWrapper'), asm.emptyTuple, asm.op('NEWOBJ')),
    asm.bytesOf(asm.op('BINPUT', 9), ...states),
    // To pickle.load, and to who does not know the length, all that follows is one byte string.
    asm.bytesOf(asm.op('BINBYTES', asm.uint(100, 4)), Buffer.alloc(59), payload.subarray(2)),
    Buffer.alloc(100, 'N'),
  );
const state = (...fields: Uint8Array[]) =>
  asm.bytesOf(asm.op('EMPTY_DICT'), asm.mark, ...fields, asm.op('SETITEMS'), asm.op('BUILD'));
const dtype = (name: string) =>
  asm.bytesOf(asm.text('dtype'), asm.global('numpy', 'dtype'), asm.text(name), asm.op('TUPLE1'), asm.reduce);
const shape = (size: number) => asm.bytesOf(asm.text('shape'), asm.op('BININT1', size), asm.op('TUPLE1'));

export const lookupSamples: readonly MaliciousSample[] = [
  sample({
    id: 'getattr-later',
    title: 'a look-up of anything behind a thousand harmless ones',
    bytes: lookups(...Array.from({ length: 1500 }, (_, i) => asm.text(`relu${i}`)), asm.text('__init__')),
    finds: /builtins\.getattr/,
  }),
  sample({
    id: 'getattr-computed',
    title: 'a look-up by a name that is computed, behind a harmless one',
    bytes: lookups(
      asm.text('relu'),
      asm.bytesOf(asm.global('builtins', 'str'), asm.text('__init__'), asm.op('TUPLE1'), asm.reduce),
    ),
    finds: /builtins\.getattr/,
  }),
  sample({
    id: 'unpickled-computed',
    title: 'a storage whose bytes are computed from a text in UTF-16',
    bytes: unpickled(
      asm.bytesOf(
        asm.global('_codecs', 'encode'),
        asm.text(Buffer.concat([payload, Buffer.alloc(payload.length % 2)]).toString('utf16le')),
        asm.text('utf-16-le'),
        asm.op('TUPLE2'),
        asm.reduce,
      ),
    ),
    finds: /bytes for torch\.storage\._load_from_bytes/,
  }),
  sample({
    id: 'unpickled-bare',
    title: 'a storage that is a pickle without signature',
    bytes: unpickled(asm.binaryBytes(bare)),
  }),
  sample({
    id: 'joblib-twice',
    title: 'an array of joblib that is described twice',
    fileName: 'model.joblib',
    bytes: joblibArray(state(shape(0), dtype('u1')), state(shape(64))),
    finds: /array of unknown length/,
    level: 'unknown',
  }),
  sample({
    id: 'joblib-type-name',
    title: 'an array of joblib by another name of its type',
    fileName: 'model.joblib',
    bytes: joblibArray(state(shape(64), dtype('uint8'))),
    finds: /array of unknown length/,
    level: 'unknown',
  }),
  sample({
    id: 'long-text',
    title: 'a call behind a text that is longer than is read',
    bytes: asm.bytesOf(
      asm.proto(4),
      asm.bytesOf(asm.op('BINUNICODE', asm.uint((1 << 24) + 1, 4)), Buffer.alloc((1 << 24) + 1, 'x'), asm.op('POP')),
      asm.bytesOf(asm.global('os', 'system'), run, asm.stop),
    ),
    finds: /os\.system/,
  }),
  sample({
    id: 'long-name',
    title: 'a dotted name that goes round in circles, in a stream that breaks',
    bytes: asm.bytesOf(
      asm.stackGlobal('torch.serialization', `${'os.path.'.repeat(40)}os.system`),
      asm.bytesOf(run, 0xff),
    ),
    finds: /os\.path/,
  }),
  sample({
    id: 'logger',
    title: 'BUILD on a logger, which changes it for the whole process',
    bytes: asm.stream(
      asm.bytesOf(asm.callWithText('logging', 'getLogger', ''), asm.op('EMPTY_DICT'), asm.text('disabled')),
      asm.bytesOf(asm.op('NEWTRUE'), asm.op('SETITEM'), asm.op('BUILD')),
    ),
    finds: /changes a logger/,
    level: 'unknown',
  }),
  sample({
    id: 'scripted-class',
    title: 'a class of TorchScript in a file that has no code of TorchScript',
    bytes: asm.stream(asm.callWithText('__torch__.evil', 'Class', command)),
    finds: /__torch__\.evil\.Class/,
    level: 'unknown',
  }),
];
