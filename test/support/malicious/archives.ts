/** Archives and other containers in which loaders find a payload and scanners do not. */

import { gzipSync } from 'node:zlib';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import * as asm from '../../unit/checkpoint/pickleAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import type { MaliciousSample } from './sample';
import { harmless, npy, payload, samplesCalled, tarMember, textPayload, torchArchive } from './sample';

const sample = samplesCalled('model.pt');

/** `torch.save` before 1.6: magic number, protocol, system, then the object. */
const legacyHead = asm.bytesOf(
  Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'),
  asm.bytesOf(asm.proto(2), asm.op('BININT2', asm.uint(1001, 2)), asm.stop),
  asm.bytesOf(asm.proto(2), asm.op('EMPTY_DICT'), asm.stop),
);

const weights = createSafetensors([{ name: 'w', dtype: 'float32', shape: [2], values: [1, 2] }]);
const png = asm.bytesOf(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64, 3));
const sevenZip = asm.bytesOf(Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(120, 9));

/** An archive whose extra member is `data`. */
const withExtra = (name: string, data: Uint8Array) =>
  rawZip([
    { name: 'model/data.pkl', data: harmless },
    { name, data },
  ]);

export const archiveSamples: readonly MaliciousSample[] = [
  sample({ id: 'torch-archive', title: 'an archive of PyTorch with a payload', bytes: torchArchive(payload) }),
  sample({ id: 'torch-legacy', title: 'the format of PyTorch before 1.6', bytes: asm.bytesOf(legacyHead, payload) }),
  sample({
    id: 'torch-not-magic',
    title: 'a payload where the legacy magic number is expected',
    bytes: asm.bytesOf(payload, legacyHead),
  }),
  sample({
    id: 'torch-tar',
    title: 'the tar archive of PyTorch before 0.1.10',
    bytes: asm.bytesOf(tarMember('storages', harmless), tarMember('pickle', payload), Buffer.alloc(1024)),
  }),
  sample({
    id: 'zip-crc',
    title: 'a wrong checksum, which PyTorch does not compare',
    source: 'CVE-2025-10156',
    bytes: rawZip([{ name: 'model/data.pkl', data: payload, crc: 1 }]),
  }),
  sample({
    id: 'zip-flag',
    title: 'marked as encrypted in the local header alone',
    source: 'CVE-2025-1945',
    bytes: rawZip([{ name: 'model/data.pkl', data: payload, localFlags: 1 }]),
  }),
  sample({
    id: 'zip-local-name',
    title: 'another name in the local header',
    source: 'CVE-2025-1944',
    bytes: rawZip([{ name: 'model/data.pkl', localName: 'model/data.txt', data: payload }]),
  }),
  sample({
    id: 'zip-local-size',
    title: 'another size in the local header',
    bytes: rawZip([{ name: 'model/data.pkl', data: payload, localSize: 3 }]),
  }),
  sample({
    id: 'zip-encrypted',
    title: 'an encrypted entry',
    bytes: rawZip([{ name: 'model/data.pkl', data: payload, flags: 1 }]),
    finds: /encrypted/,
    level: 'unknown',
  }),
  sample({
    id: 'zip-method',
    title: 'a compression method that nobody reads',
    bytes: rawZip([{ name: 'model/data.pkl', data: payload, method: 97 }]),
    finds: /compression method 97/,
    level: 'unknown',
  }),
  sample({
    id: 'zip-duplicate',
    title: 'two entries of one name',
    bytes: rawZip([
      { name: 'model/data.pkl', data: payload },
      { name: 'model/data.pkl', data: harmless },
    ]),
  }),
  sample({
    id: 'zip-case',
    title: 'two entries whose names differ in case',
    bytes: rawZip([
      { name: 'model/data.pkl', data: harmless },
      { name: 'model/DATA.PKL', data: payload },
    ]),
  }),
  sample({
    id: 'zip-absolute',
    title: 'an absolute name',
    bytes: rawZip([{ name: '/tmp/data.pkl', data: harmless }]),
    finds: /absolute path/,
    level: 'unknown',
  }),
  sample({
    id: 'zip-climbing',
    title: 'a name that climbs out of its folder',
    bytes: rawZip([{ name: '../../data.pkl', data: harmless }]),
    finds: /climbs out/,
    level: 'unknown',
  }),
  sample({
    id: 'zip-prefixed',
    title: 'a pickle before the archive, which PyTorch runs instead of it',
    bytes: asm.bytesOf(payload, torchArchive(harmless)),
  }),
  sample({
    id: 'zip-suffixed',
    title: 'a pickle behind the archive',
    bytes: torchArchive(harmless, { suffix: payload }),
  }),
  sample({
    id: 'zip-gap',
    title: 'a pickle between entries',
    bytes: torchArchive(harmless, { between: payload }),
  }),
  sample({
    id: 'zip-comment',
    title: 'a pickle in the comment of the archive',
    bytes: torchArchive(harmless, { comment: payload }),
  }),
  sample({
    id: 'zip-in-zip',
    title: 'an archive inside an archive',
    bytes: withExtra('model/extra/inner.zip', torchArchive(payload)),
  }),
  sample({
    id: 'pickle-is-zip',
    title: 'an archive called data.pkl',
    bytes: rawZip([{ name: 'model/data.pkl', data: torchArchive(payload) }]),
  }),
  sample({
    id: 'extra-text-pickle',
    title: 'a text pickle among the extra files of a TorchScript archive',
    bytes: withExtra('model/extra/config', textPayload),
  }),
  sample({
    id: 'extra-padded',
    title: 'a text pickle that starts with numbers',
    bytes: withExtra('model/extra/config', asm.bytesOf(Buffer.alloc(9000, 'N0'), textPayload)),
  }),
  sample({
    id: 'extra-other-name',
    title: 'a pickle with a name of weights',
    bytes: withExtra('model/data/0', payload),
  }),
  sample({
    id: 'extra-gzip',
    title: 'a compressed pickle in an archive',
    bytes: withExtra('model/extra/a.gz', gzipSync(payload)),
  }),
  sample({
    id: 'npz-objects',
    title: 'an npz archive with an array of objects',
    fileName: 'weights.npz',
    bytes: rawZip([{ name: 'w.npy', data: npy('|O', payload) }]),
  }),
  sample({
    id: 'npz-pickle',
    title: 'an npz archive with a pickle instead of an array',
    source: 'modelscan pull request 262',
    fileName: 'weights.npz',
    bytes: rawZip([{ name: 'w.npy', data: payload }]),
  }),
  sample({
    id: 'seven-zip',
    title: 'a model packed with 7-Zip',
    source: 'nullifAI',
    bytes: sevenZip,
    finds: /7-Zip/,
    level: 'unknown',
  }),
  sample({
    id: 'seven-zip-inside',
    title: 'a 7-Zip archive inside an archive',
    bytes: withExtra('model/extra/a.bin', sevenZip),
    finds: /7-Zip archive, which is not looked into/,
    level: 'unknown',
  }),
  sample({
    id: 'zip-truncated',
    title: 'an archive without its directory',
    bytes: torchArchive(payload).subarray(0, -30),
  }),
  sample({
    id: 'safetensors-zip',
    title: 'safetensors with an archive behind it',
    fileName: 'model.safetensors',
    bytes: asm.bytesOf(weights, torchArchive(payload)),
  }),
  sample({
    id: 'png',
    title: 'a picture with a pickle in it',
    fileName: 'model.bin',
    bytes: asm.bytesOf(png, payload),
  }),
  sample({
    id: 'png-zip',
    title: 'a picture with an archive in it',
    fileName: 'model.bin',
    bytes: asm.bytesOf(png, torchArchive(payload)),
  }),
  sample({
    id: 'pdf',
    title: 'a document with a pickle in it',
    fileName: 'model.bin',
    bytes: asm.bytesOf('%PDF-1.7\n', payload),
  }),
  sample({
    id: 'tar-polyglot',
    title: 'a tar archive whose first name is a text pickle',
    fileName: 'model.pkl',
    bytes: asm.bytesOf(tarMember(Buffer.from(textPayload).toString('latin1'), harmless), Buffer.alloc(1024)),
  }),
  sample({
    id: 'cabinet-polyglot',
    title: 'a pickle that begins as a cabinet archive does',
    fileName: 'model.pkl',
    bytes: asm.bytesOf('MSCF1.0\n', Buffer.alloc(100, 'N0'), payload),
  }),
  sample({
    id: 'bzip2-polyglot',
    title: 'a pickle that begins as a file of bzip2 does',
    fileName: 'model.pkl',
    bytes: asm.bytesOf('BZh', 0, 0, Buffer.alloc(0x685a), payload),
  }),
];
