/** Plain pickles and a file of joblib, each with one tensor of zeros called `weight` inside of the stream. */

import { lengthOf, type Part } from './sparseFile';

/** What `pickle.dump` makes of a dict with an array, in protocol 4. */
export function numpyPickle(bytes: number): Part[] {
  const empty = 'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR';
  return inDict([
    latin1(empty, '(K\x01'),
    shape(bytes),
    latin1(float32, '\x89\x8e'),
    uint64(bytes),
    bytes,
    latin1('tb'),
  ]);
}

/** What `joblib.dump` makes of it: a description of the array, and behind it the numbers, which are no pickle. */
export function joblibFile(bytes: number): Part[] {
  const wrapper = 'cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(';
  const fields = [text('subclass'), latin1('cnumpy\nndarray\n'), text('order'), text('C')];
  const end = [text('allow_mmap'), latin1('\x88'), text('numpy_array_alignment_bytes'), latin1('K\x10ub')];
  const padding = Buffer.of(3, 0xff, 0xff, 0xff);
  const described = [text('shape'), shape(bytes), text('dtype'), latin1(float32)];
  return inDict([latin1(wrapper), ...fields, ...described, ...end, padding, bytes]);
}

/** What `pickle.dump` makes of a state dict of PyTorch: the storage is a file of `torch.save` in a byte string. */
export function torchPickle(bytes: number): Part[] {
  const storage = torchStorage(bytes);
  const length = storage.reduce<number>((sum, part) => sum + lengthOf(part), 0);
  const before = 'ctorch._utils\n_rebuild_tensor_v2\n(ctorch.storage\n_load_from_bytes\n\x8e';
  const behind = [latin1('\x85RK\0'), shape(bytes), latin1('K\x01\x85\x89ccollections\nOrderedDict\n)RtR')];
  return inDict([latin1(before), uint64(length), ...storage, ...behind]);
}

function torchStorage(bytes: number): Part[] {
  const magic = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e';
  const start = latin1(magic, '\x80\x02M\xe9\x03.\x80\x02}.\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\n');
  const place = [text('0'), text('cpu'), integer(bytes / 4), latin1('NtQ.')];
  return [start, ...place, latin1('\x80\x02]'), text('0'), latin1('a.'), uint64(bytes / 4), bytes];
}

function inDict(value: readonly Part[]): Part[] {
  return [latin1('\x80\x04}'), text('weight'), ...value, latin1('s.')];
}

/** `numpy.dtype('<f4')`. */
const float32 = 'cnumpy\ndtype\nX\x02\0\0\0f4\x89\x88\x87R(K\x03X\x01\0\0\0<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb';

function shape(bytes: number): Buffer {
  return Buffer.concat([integer(bytes / 4), latin1('\x85')]);
}

function integer(value: number): Buffer {
  return Buffer.concat([latin1('\x8a\x08'), uint64(value)]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(0x8c, value.length), latin1(value)]);
}

function latin1(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join(''), 'latin1');
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
