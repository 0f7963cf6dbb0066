/** Just enough of tar (POSIX ustar and older) to look into members: PyTorch unpickles files in this format too. */

import { CheckpointError } from './checkpoint';

export interface TarMember {
  readonly name: string;
  readonly data: Uint8Array;
}

const block = 512;

/** Whether the first block is a tar header: its checksum is that of its bytes. */
export function looksLikeTar(bytes: Uint8Array): boolean {
  return bytes.length >= block && headerIsSound(bytes, 0);
}

/** Members up to the end marker. Throws CheckpointError where a header is damaged or a member is cut off. */
export function readTar(bytes: Uint8Array, file: string): TarMember[] {
  const members: TarMember[] = [];
  let at = 0;
  while (at + block <= bytes.length && bytes[at] !== 0) {
    if (!headerIsSound(bytes, at)) throw new CheckpointError(file, 'a header of the tar archive is damaged', at);
    const size = octal(bytes, at + 124, 12);
    const start = at + block;
    if (!(start + size <= bytes.length)) throw new CheckpointError(file, 'a member of the tar archive is cut off', at);
    members.push({ name: text(bytes, at, 100), data: bytes.subarray(start, start + size) });
    at = start + Math.ceil(size / block) * block;
  }
  return members;
}

function headerIsSound(bytes: Uint8Array, at: number): boolean {
  let sum = 0;
  // The checksum's own field counts as spaces.
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 0x20 : bytes[at + i];
  return bytes[at] !== 0 && octal(bytes, at + 148, 8) === sum;
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
