/** Just enough of tar (POSIX ustar and older) to look into members: PyTorch unpickles files in this format too. */

import type { ByteSource } from './byteSource';
import { section } from './byteSource';
import { CheckpointError } from './checkpoint';
import { limits } from './limits';

export interface TarMember {
  readonly name: string;
  /** Its first byte in the archive. */
  readonly start: number;
  readonly data: ByteSource;
}

const block = 512;

/** Whether the first block is a tar header: its checksum is that of its bytes. */
export function looksLikeTar(bytes: Uint8Array): boolean {
  return bytes.length >= block && headerIsSound(bytes);
}

/** Members up to the end marker. Throws CheckpointError where a header is damaged or a member is cut off. */
export function readTar(source: ByteSource, file: string): TarMember[] {
  const members: TarMember[] = [];
  let at = 0;
  while (at + block <= source.length) {
    const header = source.subarray(at, at + block);
    if (header[0] === 0) break;
    if (!headerIsSound(header)) throw new CheckpointError(file, 'a header of the tar archive is damaged', at);
    if (members.length >= limits.tarMembers) throw new CheckpointError(file, 'it has more members than are read', at);
    const size = octal(header, 124, 12);
    const start = at + block;
    if (!(start + size <= source.length)) throw new CheckpointError(file, 'a member of the tar archive is cut off', at);
    members.push({ name: text(header, 0, 100), start, data: section(source, start, start + size) });
    at = start + Math.ceil(size / block) * block;
  }
  return members;
}

function headerIsSound(header: Uint8Array): boolean {
  let sum = 0;
  // The checksum's own field counts as spaces.
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 0x20 : header[i];
  return header[0] !== 0 && octal(header, 148, 8) === sum;
}

function octal(bytes: Uint8Array, at: number, length: number): number {
  const digits = text(bytes, at, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : NaN;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}
