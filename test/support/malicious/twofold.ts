/** Files that one reader takes for something harmless and another for a payload. */

import { deflateSync } from 'node:zlib';
import * as asm from '../../unit/checkpoint/pickleAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import { lambdaConfig } from './programs';
import type { MaliciousSample } from './sample';
import { command, harmless, payload, samplesCalled, tarMember, textPayload } from './sample';

const sample = samplesCalled('model.pkl');

/** A pickle without the signature of its protocol, and without lines that a search could find. */
const bare = asm.bytesOf(asm.stackGlobal('os', 'system'), asm.text(command), asm.op('TUPLE1'), asm.reduce, asm.stop);

const npyHeader = (descr: string) => {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }`.padEnd(117) + '\n';
  return asm.bytesOf(0x93, 'NUMPY', 1, 0, asm.uint(text.length, 2), text);
};

const keras = (config: Uint8Array | string) => rawZip([{ name: 'config.json', data: config }]);
const hdf5 = asm.bytesOf(Buffer.from('894844460d0a1a0a', 'hex'), Buffer.alloc(80), 0, lambdaConfig, 0);
const endOfTar = Buffer.alloc(1024);

/** A list of entries that Python's `zipfile` reads, where the locator leads PyTorch to another. */
function twoDirectories(): Uint8Array {
  const zip64End = (entries: number, size: number, offset: number) =>
    asm.bytesOf(
      asm.bytesOf(Buffer.from('504b0606', 'hex'), asm.uint(44, 8), asm.uint(45, 2), asm.uint(45, 2), asm.uint(0, 8)),
      asm.bytesOf(asm.uint(entries, 8), asm.uint(entries, 8), asm.uint(size, 8), asm.uint(offset, 8)),
    );
  const split = (archive: Uint8Array) => {
    const directory = Buffer.from(archive).indexOf('PK\x01\x02');
    return [archive.subarray(0, directory), archive.subarray(directory, -22)] as const;
  };
  const [shown, shownList] = split(rawZip([{ name: 'w.npy', data: npyHeader('<f4') }]));
  const [hidden, hiddenList] = split(
    rawZip([{ name: 'w.npy', data: asm.bytesOf(npyHeader('|O'), payload), deflate: true }]),
  );
  const end = asm.bytesOf(shown, shownList);
  // Offsets of the hidden list count from where it would begin in a file of its own.
  const body = asm.bytesOf(end, zip64End(1, shownList.length, shown.length), hidden, hiddenList);
  const locator = asm.bytesOf(Buffer.from('504b0607', 'hex'), asm.uint(0, 4), asm.uint(end.length, 8), asm.uint(1, 4));
  const wide = Buffer.alloc(4, 0xff);
  return asm.bytesOf(
    asm.bytesOf(body, zip64End(1, hiddenList.length, hidden.length), locator),
    asm.bytesOf(Buffer.from('504b050600000000', 'hex'), Buffer.alloc(4, 0xff), wide, wide, 0, 0),
  );
}

export const twofoldSamples: readonly MaliciousSample[] = [
  sample({
    id: 'safetensors-bare',
    title: 'the length of a safetensors header that is an opcode, and a pickle without signature behind it',
    bytes: asm.bytesOf(asm.op('SHORT_BINSTRING', 14, Buffer.alloc(6)), '{"a":1} ', bare),
  }),
  sample({
    id: 'tar-bare',
    title: 'a tar archive whose first name is a pickle without signature',
    bytes: asm.bytesOf(tarMember(Buffer.from(bare).toString('latin1'), harmless), endOfTar),
  }),
  sample({
    id: 'tar-member-bare',
    title: 'a tar archive of PyTorch with a pickle without signature',
    fileName: 'model.pt',
    bytes: asm.bytesOf(tarMember('storages', bare), endOfTar),
  }),
  sample({
    id: 'tar-member-padded',
    title: 'a tar archive of PyTorch with a text pickle behind many numbers',
    fileName: 'model.pt',
    bytes: asm.bytesOf(tarMember('storages', asm.bytesOf(Buffer.alloc(100_000, 'N0'), textPayload)), endOfTar),
  }),
  sample({
    id: 'tar-link',
    title: 'a member of a tar archive that stands for a file of the machine',
    fileName: 'model.pt',
    bytes: asm.bytesOf(tarMember('storages', harmless, '2'), endOfTar),
    finds: /is a link/,
    level: 'unknown',
  }),
  sample({
    id: 'tar-renamed',
    title: 'an extended header of tar that gives another name to what follows',
    fileName: 'model.pt',
    bytes: asm.bytesOf(
      asm.bytesOf(tarMember('pax', Buffer.from('17 path=storages\n'), 'x'), tarMember('a', harmless)),
      endOfTar,
    ),
    finds: /extended header gives another name/,
    level: 'unknown',
  }),
  sample({
    id: 'tar-keras',
    title: 'a Keras archive behind a tar archive',
    fileName: 'model.keras',
    bytes: asm.bytesOf(tarMember('a', harmless), endOfTar, keras(lambdaConfig)),
    finds: /keras\.layers\.Lambda/,
  }),
  sample({
    id: 'hdf5-zip',
    title: 'an HDF5 file with an archive behind it',
    fileName: 'model.h5',
    bytes: asm.bytesOf(hdf5, rawZip([{ name: 'a', data: 'text' }])),
    finds: /keras\.layers\.Lambda/,
  }),
  sample({
    id: 'npy-zip',
    title: 'an array of objects with an archive behind it',
    fileName: 'weights.npy',
    bytes: asm.bytesOf(npyHeader('|O'), bare, rawZip([{ name: 'a', data: 'text' }])),
  }),
  sample({
    id: 'hdf5-user-block',
    title: 'an HDF5 file behind a block that is an archive',
    fileName: 'model.h5',
    bytes: (() => {
      const padding = Buffer.alloc(512 - 30 - 'a'.length);
      return rawZip([{ name: 'a', data: asm.bytesOf(padding, hdf5) }]);
    })(),
    finds: /keras\.layers\.Lambda/,
  }),
  sample({
    id: 'zip64-aside',
    title: 'two lists of entries, of which readers take one each',
    fileName: 'weights.npz',
    bytes: twoDirectories(),
    finds: /not right before its locator/,
    level: 'unknown',
  }),
  sample({
    id: 'npy-type-name',
    title: 'an array of objects by another name of its type',
    fileName: 'weights.npy',
    bytes: asm.bytesOf(npyHeader('i4,O'), bare),
  }),
  sample({
    id: 'zlib-streams',
    title: 'a pickle in two zlib streams, which joblib puts together',
    fileName: 'model.joblib',
    bytes: asm.bytesOf(deflateSync(payload.subarray(0, 9)), deflateSync(payload.subarray(9))),
  }),
  sample({
    id: 'zlib-checksum',
    title: 'a zlib stream with a wrong checksum, which comes too late',
    fileName: 'model.joblib',
    bytes: asm.bytesOf(deflateSync(payload).subarray(0, -1), '?'),
  }),
  sample({
    id: 'hdf5-text-pickle',
    title: 'a text pickle in an attribute, which PyTables unpickles',
    fileName: 'frame.h5',
    bytes: asm.bytesOf(Buffer.from('894844460d0a1a0a', 'hex'), Buffer.alloc(80), textPayload, Buffer.alloc(40)),
  }),
  sample({
    id: 'package',
    title: 'an archive of torch.package with Python in it',
    fileName: 'model.pt',
    bytes: rawZip([
      { name: 'm/.data/extern_modules', data: 'os\n' },
      { name: 'm/code/evil.py', data: `import os\nos.system("${command}")\n` },
    ]),
    finds: /evil\.py/,
    level: 'unknown',
  }),
  sample({
    id: 'native-library',
    title: 'a native library in an archive of torch.export',
    fileName: 'model.pt2',
    bytes: rawZip([{ name: 'm/data/aotinductor/model/a.so', data: asm.bytesOf('\x7fELF', Buffer.alloc(100, 2)) }]),
    finds: /native library \(ELF\)/,
    level: 'unknown',
  }),
];
