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
  /** Why readers of tar may take it for something else: what PyTorch wrote are plain files. */
  readonly oddity?: string;
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
    const data = section(source, start, start + size);
    members.push({ name: text(header, 0, 100), start, data, oddity: oddityOf(header[156], data) });
    at = start + Math.ceil(size / block) * block;
  }
  return members;
}

/** Extended headers that change neither the name nor the bytes of the member behind them. */
const harmlessRecords = /^(?:\d+ (?:mtime|atime|ctime|uid|gid|uname|gname)=[^\n]*\n)*\0*$/;
const longestRecords = 1 << 16;

/** @param type `typeflag` of the header */
function oddityOf(type: number, data: ByteSource): string | undefined {
  // Files, contiguous files and folders.
  if (type === 0 || '057'.includes(String.fromCharCode(type))) return undefined;
  const isExtended = type === 'x'.charCodeAt(0) || type === 'g'.charCodeAt(0);
  if (!isExtended)
    return 'it is a link or another special member, which readers of tar take for other bytes than these';
  const isHarmless =
    data.length <= longestRecords && harmlessRecords.test(text(data.subarray(0, data.length), 0, data.length, false));
  return isHarmless ? undefined : 'an extended header gives another name or size to the member behind it';
}

function headerIsSound(header: Uint8Array): boolean {
  const sums = [0, 0];
  for (let i = 0; i < block; i++) {
    // The checksum's own field counts as spaces.
    const byte = i >= 148 && i < 156 ? 0x20 : header[i];
    sums[0] += byte;
    // Some add up signed numbers, and readers take both.
    sums[1] += (byte << 24) >> 24;
  }
  return header[0] !== 0 && sums.includes(octal(header, 148, 8));
}

function octal(bytes: Uint8Array, at: number, length: number): number {
  const digits = text(bytes, at, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : NaN;
}

function text(bytes: Uint8Array, at: number, length: number, isTerminated = true): string {
  const field = bytes.subarray(at, at + length);
  const end = isTerminated ? field.indexOf(0) : -1;
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}
