/** Files that attack whoever loads them. Their payload is `echo graphnad`, and nothing here ever loads one. */

import * as asm from '../../unit/checkpoint/pickleAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';

export interface MaliciousSample {
  /** Unique, and good as a part of a file name. */
  readonly id: string;
  /** What it does, for people. */
  readonly title: string;
  /** Published descriptions: CVE or GHSA identifiers, or where it was told of. */
  readonly source?: string;
  /** With the extension that its victims expect. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** What a finding about it must say. */
  readonly finds: RegExp;
  /** The least that a scan must say: that it is dangerous, or that it is not known to be harmless. */
  readonly level: 'dangerous' | 'unknown';
}

/** A sample as most are: what differs is said. */
type Shape = Omit<MaliciousSample, 'fileName' | 'finds' | 'level'> & Partial<MaliciousSample>;

/** Makes samples that run the command when they are loaded, unless they say otherwise. */
export function samplesCalled(fileName: string): (shape: Shape) => MaliciousSample {
  return (shape) => ({ fileName, finds: runsCommand, level: 'dangerous', ...shape });
}

export const command = 'echo graphnad';

/** What `os.system` looks like in a finding. */
const runsCommand = /os\.system\("echo graphnad"\)/;

/** A whole pickle that runs the command. */
export const payload: Uint8Array = asm.stream(asm.callWithText('os', 'system', command));

/** The same in protocol 0, which has no signature. */
export const textPayload: Uint8Array = Buffer.from(`cos\nsystem\n(S'${command}'\ntR.`);

/** A pickle of an empty state dict. */
export const harmless: Uint8Array = asm.bytesOf(
  asm.proto(2),
  asm.global('collections', 'OrderedDict'),
  asm.emptyTuple,
  asm.reduce,
  asm.stop,
);

/** An archive as PyTorch writes it, with `pickle` as its data. */
export function torchArchive(pickle: Uint8Array, options: Parameters<typeof rawZip>[1] = {}): Uint8Array {
  const members = [
    { name: 'model/data.pkl', data: pickle },
    { name: 'model/version', data: '3\n' },
  ];
  return rawZip(members, options);
}

/** A numpy array file whose header claims `descr`, with `data` behind it. */
export function npy(descr: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  return asm.bytesOf(0x93, 'NUMPY', 1, 0, asm.uint(header.length, 2), header, data);
}

/** One ustar member. */
export function tarMember(name: string, data: Uint8Array, type = '0'): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(data.length.toString(8).padStart(11, '0'), 124);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
