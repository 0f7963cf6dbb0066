/** Pickles that hide what they import or call. */

import { gzipSync, deflateSync } from 'node:zlib';
import * as asm from '../../unit/checkpoint/pickleAssembler';
import type { MaliciousSample } from './sample';
import { command, harmless, npy, payload, samplesCalled, textPayload, torchArchive } from './sample';

const sample = samplesCalled('model.pkl');

const argument = asm.bytesOf(asm.text(command), asm.op('TUPLE1'), asm.reduce);

/** Bytes of an array that joblib skips, as its unpickler is told to, behind the description of that array. */
export function joblibArray(data: Uint8Array, dtype: string, rest: Uint8Array): Uint8Array {
  const entries = asm.bytesOf(
    asm.bytesOf(asm.text('shape'), asm.op('BININT1', data.length), asm.op('TUPLE1')),
    asm.bytesOf(asm.text('order'), asm.text('C')),
    asm.bytesOf(asm.text('dtype'), asm.global('numpy', 'dtype'), asm.text(dtype), asm.op('TUPLE1'), asm.reduce),
    asm.bytesOf(asm.text('allow_mmap'), asm.op('NEWFALSE')),
  );
  const wrapper = asm.bytesOf(asm.global('joblib.numpy_pickle', 'NumpyArrayWrapper'), asm.emptyTuple, asm.op('NEWOBJ'));
  const state = asm.bytesOf(asm.op('EMPTY_DICT'), asm.mark, entries, asm.op('SETITEMS'), asm.op('BUILD'));
  return asm.bytesOf(asm.proto(4), wrapper, state, data, rest);
}

/** A text that is left in the memo alone. */
const memoized = (name: string): Uint8Array => asm.bytesOf(asm.text(name), asm.op('MEMOIZE'), asm.op('POP'));

/** `collections.OrderedDict(...)` with names from the first two places of the memo. */
const harmlessByMemo = asm.stream(
  asm.bytesOf(memoized('collections'), memoized('OrderedDict')),
  asm.bytesOf(asm.op('BINGET', 0), asm.op('BINGET', 1), asm.op('STACK_GLOBAL'), argument),
);

export const streamSamples: readonly MaliciousSample[] = [
  sample({ id: 'plain', title: 'a pickle that calls os.system', bytes: payload }),
  sample({ id: 'protocol-0', title: 'a text pickle without signature', bytes: textPayload }),
  sample({ id: 'inst', title: 'INST instead of GLOBAL', bytes: Buffer.from(`(S'${command}'\nios\nsystem\n.`) }),
  sample({
    id: 'obj-popped',
    title: 'OBJ, whose result is dropped',
    source: 'GHSA-mxhj-88fx-4pcv (fickling)',
    bytes: asm.stream(
      asm.mark,
      asm.global('os', 'system'),
      asm.text(command),
      asm.op('OBJ'),
      asm.op('POP'),
      asm.op('NONE'),
    ),
  }),
  sample({
    id: 'newobj-ex',
    title: 'NEWOBJ_EX',
    bytes: asm.stream(
      asm.bytesOf(
        asm.global('os', 'system'),
        asm.text(command),
        asm.op('TUPLE1'),
        asm.op('EMPTY_DICT'),
        asm.op('NEWOBJ_EX'),
      ),
    ),
    finds: /os\.system\("echo graphnad", \{\}\)/,
  }),
  sample({
    id: 'build-appended',
    title: 'a call, then BUILD on its result',
    source: 'GHSA-mhc9-48gj-9gp3 (fickling)',
    bytes: asm.stream(asm.callWithText('os', 'system', command), asm.op('EMPTY_DICT'), asm.op('BUILD')),
  }),
  sample({
    id: 'setstate-attribute',
    title: 'BUILD that sets __setstate__, BUILD that calls it',
    bytes: asm.stream(
      asm.bytesOf(asm.global('types', 'SimpleNamespace'), asm.emptyTuple, asm.op('NEWOBJ')),
      asm.bytesOf(asm.op('EMPTY_DICT'), asm.text('__setstate__'), asm.global('os', 'system'), asm.op('SETITEM')),
      asm.bytesOf(asm.op('BUILD'), asm.text(command), asm.op('BUILD')),
    ),
  }),
  sample({
    id: 'memo-swapped',
    title: 'STACK_GLOBAL with names fetched from the memo out of order',
    source: 'picklescan issue 22',
    bytes: asm.stream(
      asm.bytesOf(asm.text('system'), asm.op('BINPUT', 7), asm.op('POP')),
      asm.bytesOf(
        asm.text('collections'),
        asm.op('BINPUT', 1),
        asm.op('POP'),
        asm.text('os'),
        asm.op('BINPUT', 1),
        asm.op('POP'),
      ),
      asm.bytesOf(asm.op('BINGET', 1), asm.op('BINGET', 7), asm.op('STACK_GLOBAL'), argument),
    ),
  }),
  sample({
    id: 'memo-dup',
    title: 'STACK_GLOBAL with names moved by DUP and POP',
    bytes: asm.stream(
      asm.bytesOf(asm.text('os'), asm.op('DUP'), asm.op('POP'), asm.text('system'), asm.op('DUP'), asm.op('POP')),
      asm.bytesOf(asm.op('STACK_GLOBAL'), argument),
    ),
  }),
  sample({
    id: 'old-strings',
    title: 'STACK_GLOBAL with the string opcodes of old protocols',
    source: 'GHSA-9gvj-pp9x-gcfr',
    bytes: asm.stream(
      asm.op('SHORT_BINSTRING', 2, 'os'),
      asm.op('STRING', "'system'\n"),
      asm.op('STACK_GLOBAL'),
      argument,
    ),
  }),
  sample({
    id: 'escaped-names',
    title: 'names written with escapes',
    bytes: asm.stream(
      asm.op('UNICODE', '\\u006fs\n'),
      asm.op('STRING', "'\\x73ystem'\n"),
      asm.op('STACK_GLOBAL'),
      argument,
    ),
  }),
  sample({
    id: 'computed-name',
    title: 'STACK_GLOBAL with a name that a call computes',
    bytes: asm.stream(
      asm.bytesOf(asm.text('os'), asm.global('builtins', 'str'), asm.text('system'), asm.op('TUPLE1'), asm.reduce),
      asm.bytesOf(asm.op('STACK_GLOBAL'), argument),
    ),
    finds: /\(computed\)/,
  }),
  sample({
    id: 'getattr-chain',
    title: 'a chain of __reduce__: getattr(__import__("os"), "system")',
    bytes: asm.stream(
      asm.bytesOf(asm.global('builtins', 'getattr'), asm.callWithText('builtins', '__import__', 'os')),
      asm.bytesOf(asm.text('system'), asm.op('TUPLE2'), asm.reduce, argument),
    ),
    finds: /builtins\.getattr\(builtins\.__import__\("os"\), "system"\)\("echo graphnad"\)/,
  }),
  sample({
    id: 'dotted-name',
    title: 'a submodule reached through a harmless one by a dotted name',
    source: 'CVE-2025-10157',
    bytes: asm.stream(asm.stackGlobal('torch.serialization', 'os.system'), argument),
    finds: /torch\.serialization\.os\.system\("echo graphnad"\)/,
  }),
  sample({
    id: 'extension-registry',
    title: 'an extension number of copyreg (EXT1)',
    bytes: asm.stream(asm.op('EXT1', 7), argument),
    finds: /copyreg\._inverted_registry\[7\]/,
    level: 'unknown',
  }),
  sample({
    id: 'persistent-id',
    title: 'a callable inside a persistent id',
    bytes: asm.stream(asm.callWithText('os', 'system', command), asm.op('BINPERSID')),
  }),
  sample({
    id: 'broken-after',
    title: 'a stream that breaks behind its payload',
    source: 'nullifAI',
    bytes: asm.bytesOf(asm.proto(4), asm.callWithText('os', 'system', command), 0xff, 'broken'),
  }),
  sample({
    id: 'broken-for-us',
    title: 'an import behind bytes that this reader takes for a break',
    bytes: asm.bytesOf(asm.proto(4), asm.op('BINGET', 99), asm.global('os', 'system'), argument, asm.stop),
    finds: /os\.system/,
  }),
  sample({
    id: 'second-pickle',
    title: 'a second pickle behind a harmless one',
    bytes: asm.bytesOf(harmless, payload),
  }),
  sample({
    id: 'second-behind-junk',
    title: 'a second pickle behind bytes that are none',
    bytes: asm.bytesOf(harmless, 'junk', payload),
  }),
  sample({
    id: 'nested-bytes',
    title: 'a pickle inside a byte string, unpickled by a helper',
    source: 'GHSA-84r2-jw7c-4r5q',
    bytes: asm.stream(
      asm.global('torch.storage', '_load_from_bytes'),
      asm.binaryBytes(payload),
      asm.op('TUPLE1'),
      asm.reduce,
    ),
  }),
  sample({
    id: 'nested-text-pickle',
    title: 'a text pickle inside a byte string',
    bytes: asm.stream(
      asm.global('torch.storage', '_load_from_bytes'),
      asm.binaryBytes(textPayload),
      asm.op('TUPLE1'),
      asm.reduce,
    ),
  }),
  sample({
    id: 'nested-base64',
    title: 'a pickle inside a string, in base64',
    bytes: asm.stream(asm.text(Buffer.from(payload).toString('base64'))),
  }),
  sample({
    id: 'nested-hex',
    title: 'a pickle inside a string, in hexadecimal digits',
    bytes: asm.stream(asm.text(Buffer.from(payload).toString('hex'))),
  }),
  sample({
    id: 'nested-zlib',
    title: 'a compressed pickle inside a byte string',
    bytes: asm.stream(asm.binaryBytes(deflateSync(payload))),
  }),
  sample({
    id: 'nested-marshal',
    title: 'compiled Python inside a string, in base64',
    bytes: asm.stream(asm.text(Buffer.from(`e3${'00'.repeat(60)}`, 'hex').toString('base64'))),
    finds: /compiled Python code/,
    level: 'unknown',
  }),
  sample({
    id: 'mutated-module',
    title: 'BUILD on a module, which changes it for the whole process',
    bytes: asm.stream(asm.bytesOf(asm.global('torch', 'nn'), asm.op('EMPTY_DICT'), asm.op('BUILD'))),
    finds: /changes torch\.nn itself/,
    level: 'unknown',
  }),
  sample({
    id: 'gzip',
    title: 'a pickle compressed with gzip',
    fileName: 'model.pkl.gz',
    bytes: gzipSync(payload),
  }),
  sample({
    id: 'joblib-zlib',
    title: 'a joblib file compressed with zlib',
    fileName: 'model.joblib',
    bytes: deflateSync(payload),
  }),
  sample({
    id: 'joblib-old',
    title: 'a file as joblib compressed it before version 0.10, which it still loads',
    fileName: 'model.joblib',
    bytes: asm.bytesOf('ZF', `0x${payload.length.toString(16)}`.padEnd(19), deflateSync(payload)),
  }),
  sample({
    id: 'joblib-behind-array',
    title: 'a call behind an array of joblib, where other readers lose the thread',
    fileName: 'model.joblib',
    bytes: joblibArray(Buffer.alloc(64, 0xfe), 'u1', asm.bytesOf(asm.callWithText('os', 'system', command), asm.stop)),
  }),
  sample({
    id: 'joblib-object-array',
    title: 'a pickle that joblib reads as an array of objects',
    fileName: 'model.joblib',
    bytes: joblibArray(new Uint8Array(), 'O8', asm.bytesOf(payload, asm.stop)),
  }),
  sample({
    id: 'joblib-decoy',
    title: 'a call inside what joblib reads as numbers and pickle.load runs',
    fileName: 'model.pkl',
    bytes: joblibArray(asm.bytesOf(asm.callWithText('os', 'system', command), asm.stop), 'u1', asm.stop),
  }),
  sample({
    id: 'joblib-memo',
    title: 'an array of objects that is harmless for joblib, with names that pickle.load takes from the memo around it',
    fileName: 'model.joblib',
    bytes: asm.bytesOf(
      asm.bytesOf(asm.proto(4), memoized('os'), memoized('system')),
      joblibArray(new Uint8Array(), 'O8', asm.bytesOf(harmlessByMemo, asm.stop)),
    ),
    finds: /runs os\.system\("echo graphnad"\)/,
  }),
  sample({
    id: 'joblib-memo-call',
    title: 'numbers of joblib that import nothing, and call what pickle.load has in the memo',
    fileName: 'model.joblib',
    bytes: asm.bytesOf(
      asm.bytesOf(asm.proto(4), asm.global('numpy', 'ndarray'), asm.op('MEMOIZE'), asm.op('POP')),
      joblibArray(asm.bytesOf(asm.op('BINGET', 0), asm.emptyTuple, asm.reduce, asm.stop), 'u1', asm.stop),
    ),
    finds: /numpy\.ndarray, which may take stored bytes for addresses/,
    level: 'unknown',
  }),
  sample({ id: 'npy-objects', title: 'a NumPy array of objects', fileName: 'weights.npy', bytes: npy('|O', payload) }),
  sample({
    id: 'npy-disguised',
    title: 'a NumPy array that claims numbers and holds a pickle',
    fileName: 'weights.npy',
    bytes: npy('|u1', payload),
  }),
  sample({
    id: 'wrong-extension',
    title: 'a pickle called .safetensors',
    source: 'CVE-2025-1889',
    fileName: 'model.safetensors',
    bytes: payload,
  }),
  sample({
    id: 'plain-as-pt',
    title: 'a pickle called .pt',
    source: 'CVE-2025-10155',
    fileName: 'model.pt',
    bytes: payload,
  }),
  sample({
    id: 'lightning',
    title: 'a payload among the hyper-parameters of a Lightning checkpoint',
    fileName: 'model.ckpt',
    bytes: torchArchive(
      asm.stream(
        asm.bytesOf(asm.op('EMPTY_DICT'), asm.mark, asm.text('state_dict'), asm.op('EMPTY_DICT')),
        asm.bytesOf(asm.text('hyper_parameters'), asm.callWithText('os', 'system', command), asm.op('SETITEMS')),
      ),
    ),
  }),
];
