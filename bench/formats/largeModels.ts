/** Model files of any size in each format, whose weights are zeros that take no place on disk. */

import path from 'node:path';
import { PickleWriter } from '../../server/src/checkpoint/pickle/writer';
import { newHeader } from '../../server/src/checkpoint/safetensors/newHeader';
import { hdf5File } from './hdf5File';
import { joblibFile, numpyPickle, torchPickle } from './pickleFiles';
import { lengthOf, writeSparse, type Part } from './sparseFile';

/** Writes a model of about `bytes` into an empty folder and gives the path of its file. */
type MakeModel = (folder: string, bytes: number) => string;

/** By format, with what tells models of one format apart behind it in parentheses. */
export const largeModels: Readonly<Record<string, MakeModel>> = {
  'pytorch-zip': (folder, bytes) => write(folder, 'model.pt', zip64(torchEntries(bytes))),
  'pytorch-legacy': (folder, bytes) => write(folder, 'legacy.pt', legacy(bytes)),
  // A size in the header of a tar archive ends at 8 GiB.
  'pytorch-tar': (folder, bytes) => write(folder, 'tar.pt', tar(Math.min(bytes, 8e9))),
  torchscript: (folder, bytes) => write(folder, 'script.pt', zip64([...torchEntries(bytes, true), scriptConstants])),
  safetensors: (folder, bytes) => write(folder, 'model.safetensors', safetensors('weight', bytes)),
  sharded: (folder, bytes) => {
    const names = Array.from({ length: 10 }, (_, i) => [`layer${i}.weight`, `model-${i}.safetensors`] as const);
    for (const [tensor, shard] of names) write(folder, shard, safetensors(tensor, bytes / 10));
    const index = JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(names) });
    return write(folder, 'model.safetensors.index.json', [text(index)]);
  },
  numpy: (folder, bytes) => write(folder, 'array.npy', npy(bytes)),
  onnx: (folder, bytes) => {
    write(folder, 'model.onnx.data', [bytes]);
    return write(folder, 'model.onnx', [onnx(bytes, 'model.onnx.data')]);
  },
  'tfjs-layers': (folder, bytes) => {
    write(folder, 'weights.bin', [bytes]);
    const weights = [{ name: 'weight', shape: [bytes / 4], dtype: 'float32' }];
    const model = { format: 'layers-model', modelTopology: {}, weightsManifest: [{ paths: ['weights.bin'], weights }] };
    return write(folder, 'model.json', [text(JSON.stringify(model))]);
  },
  npz: (folder, bytes) => write(folder, 'arrays.npz', zip64([['weight.npy', npy(bytes)]])),
  'pickle (NumPy)': (folder, bytes) => write(folder, 'array.pkl', numpyPickle(bytes)),
  'pickle (joblib)': (folder, bytes) => write(folder, 'array.joblib', joblibFile(bytes)),
  'pickle (PyTorch)': (folder, bytes) => write(folder, 'state.pkl', torchPickle(bytes)),
  'keras-hdf5': (folder, bytes) => write(folder, 'model.h5', hdf5File('weight', bytes)),
  keras: (folder, bytes) => write(folder, 'model.keras', zip64(kerasEntries(bytes))),
};

function write(folder: string, name: string, parts: readonly Part[]): string {
  const file = path.join(folder, name);
  writeSparse(file, parts);
  return file;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function kerasEntries(bytes: number): Entry[] {
  return [
    ['metadata.json', [text('{}')]],
    ['config.json', [text('{}')]],
    ['model.weights.h5', hdf5File('weight', bytes)],
  ];
}

function safetensors(name: string, bytes: number): Part[] {
  const header = newHeader([{ name, dtype: 'float32', shape: [bytes / 4] }], {});
  return [header.bytes, bytes];
}

function npy(bytes: number): Part[] {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${bytes / 4},), }`.padEnd(117) + '\n';
  return [
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.of(header.length, 0), Buffer.from(header)]),
    bytes,
  ];
}

/** A model of ONNX whose one initializer lies in the file `data`, as of models over 2 GB. */
function onnx(bytes: number, data: string): Uint8Array {
  const varint = (value: number): Buffer => {
    const digits: number[] = [];
    for (; value >= 128; value = Math.floor(value / 128)) digits.push((value % 128) + 128);
    return Buffer.of(...digits, value);
  };
  const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);
  const message = (field: number, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
  };
  const external = (key: string, value: string) => message(13, message(1, text(key)), message(2, text(value)));
  const tensor = [number(1, bytes / 4), number(2, 1), message(8, text('weight')), external('location', data)];
  const graph = [message(2, text('graph')), message(5, ...tensor, number(14, 1))];
  return Buffer.concat([number(1, 8), message(7, ...graph), message(8, number(2, 17))]);
}

type Entry = readonly [name: string, parts: readonly Part[]];

const scriptConstants: Entry = ['model/constants.pkl', [Buffer.from('\x80\x02).', 'latin1')]];

function torchEntries(bytes: number, isScript = false): Entry[] {
  return [
    ['model/data.pkl', [statePickle(bytes, isScript)]],
    ['model/data/0', [bytes]],
    ['model/version', [text('3\n')]],
  ];
}

/** The pickle of one tensor called `weight`, in a dict or in a compiled module. */
function statePickle(bytes: number, isScript = false): Uint8Array {
  const elements = bytes / 4;
  const writer = new PickleWriter();
  writer.mark().text('weight').global('torch._utils', '_rebuild_tensor_v2').mark();
  writer.mark().text('storage').global('torch', 'FloatStorage').text('0').text('cpu').integer(elements).tuple();
  writer.persistentId().integer(0).integers([elements]).integers([1]).boolean(false);
  writer.global('collections', 'OrderedDict').emptyTuple().reduce().tuple().reduce().setItems();
  const pickle = writer.stop();
  const [protocol, items] = [pickle.subarray(0, 2), pickle.subarray(2, -1)];
  // The items go into an empty dict; BUILD makes that the state of the module.
  const [before, after] = isScript ? ['c__torch__\nNet\n)R}', 'b.'] : ['}', '.'];
  return Buffer.concat([protocol, Buffer.from(before), items, Buffer.from(after)]);
}

function legacy(bytes: number): Part[] {
  const magic = Buffer.from('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e', 'latin1');
  const facts = Buffer.from('\x80\x02M\xe9\x03.\x80\x02}.', 'latin1');
  const keys = Buffer.from('\x80\x02]X\x01\x00\x00\x000a.', 'latin1');
  return [Buffer.concat([magic, facts, statePickle(bytes), keys, uint64(bytes / 4)]), bytes];
}

function tar(bytes: number): Part[] {
  const one = Buffer.from('\x80\x02K\x01.', 'latin1');
  const storage = Buffer.from('\x80\x02(K\x01X\x03\x00\x00\x00cpuctorch\nFloatStorage\nt.', 'latin1');
  const tensor = Buffer.from('\x80\x02(K\x02K\x01ctorch\nFloatTensor\nt.', 'latin1');
  const shape = Buffer.concat([Buffer.of(1, 0, 0, 0, 0, 0, 0, 0), uint64(bytes / 4), uint64(1), uint64(0)]);
  return [
    ...member('storages', [
      Buffer.concat([one, storage, uint64(bytes / 4)]),
      bytes,
      Buffer.from('\x80\x02].', 'latin1'),
    ]),
    ...member('tensors', [Buffer.concat([one, tensor, shape])]),
    ...member('pickle', [Buffer.from('\x80\x02}X\x06\x00\x00\x00weightX\x01\x00\x00\x002Qs.', 'latin1')]),
    1024,
  ];
}

function member(name: string, parts: readonly Part[]): Part[] {
  const size = parts.reduce<number>((sum, part) => sum + lengthOf(part), 0);
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.fill(' ', 148, 156);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, ...parts, (512 - (size % 512)) % 512];
}

/** A zip archive with 64-bit sizes and nothing deflated. Checksums are left out: readers by ranges compare none of data. */
function zip64(entries: readonly Entry[]): Part[] {
  const parts: Part[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (part: Part): void => {
    parts.push(part);
    at += lengthOf(part);
  };
  for (const [name, contents] of entries) {
    const size = contents.reduce<number>((sum, part) => sum + lengthOf(part), 0);
    const sizes = Buffer.concat([Buffer.of(1, 0, 16, 0), uint64(size), uint64(size)]);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.fill(0xff, 18, 26);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(sizes.length, 28);
    const place = Buffer.concat([Buffer.of(1, 0, 24, 0), uint64(size), uint64(size), uint64(at)]);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.fill(0xff, 20, 28);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(place.length, 30);
    central.fill(0xff, 42, 46);
    directory.push(central, Buffer.from(name), place);
    add(Buffer.concat([local, Buffer.from(name), sizes]));
    contents.forEach(add);
  }
  const start = at;
  add(Buffer.concat(directory));
  const end64 = at;
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  for (const [value, offset] of [
    [entries.length, 24],
    [entries.length, 32],
    [end64 - start, 40],
    [start, 48],
  ]) {
    record.writeBigUInt64LE(BigInt(value), offset);
  }
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(end64), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.write('PK\x05\x06', 'latin1');
  end.fill(0, 4, 8);
  end.fill(0, 20);
  add(Buffer.concat([record, locator, end]));
  return parts;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
