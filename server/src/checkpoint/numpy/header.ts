/** The header of an npy file (numpy.lib.format): magic, version, length, then a Python dict that says what follows. */

import type { ByteSource } from '../byteSource';
import { startsWith } from '../containerKind';
import type { StridedView } from '../stridedView';
import { contiguousStride, viewProblem } from '../stridedView';
import { elementType, holdsObjects } from './elementType';
import type { PythonLiteral } from './pythonLiteral';
import { LiteralFault, parsePythonLiteral } from './pythonLiteral';

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
/** Magic and version. */
const prefixLength = magic.length + 2;
/** Bytes of a header that are read; NumPy itself refuses more than 10,000 unless told otherwise. */
const longestHeader = 1 << 16;

export function looksLikeNpy(head: Uint8Array): boolean {
  return startsWith(head, magic);
}

/** What an npy file holds. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** The elements as a view of the whole file; where they are not read, the reason. */
  readonly view: StridedView | string;
  /** First byte behind the header. */
  readonly dataStart: number;
  /** Whether a pickle follows the header instead of numbers. */
  readonly isPickled: boolean;
}

/** Why there is no array. Stays inside this room: readers turn it into their own errors. */
export class NpyFault extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(reason);
    this.name = 'NpyFault';
  }
}

/**
 * Reads the header of the npy file in `source`.
 *
 * @param largeTensors as `viewProblem`
 * @throws NpyFault where the header is damaged
 */
export function readNpyHeader(source: ByteSource, largeTensors = false): NpyArray {
  const { text, dataStart } = headerText(source);
  const { descr, fortranOrder, shape } = parseHeader(text, dataStart - text.length);
  const known = { shape, dataStart, isPickled: holdsObjects(descr) };
  const type = elementType(descr);
  if (typeof type === 'string') return { ...known, view: type };
  const stride = fortranOrder ? contiguousStride([...shape].reverse()).reverse() : contiguousStride(shape);
  const view = { ...type, shape, stride, byteOffset: dataStart };
  return { ...known, view: viewProblem(view, source.length, largeTensors) ?? view };
}

function headerText(source: ByteSource): { text: string; dataStart: number } {
  const prefix = source.subarray(0, prefixLength + 4);
  if (!looksLikeNpy(prefix)) throw new NpyFault('it does not start as an npy file', 0);
  const version = prefix.at(magic.length) ?? 0;
  const lengthSize = version === 1 ? 2 : 4;
  const start = prefixLength + lengthSize;
  if (version < 1 || version > 3) throw new NpyFault(`npy version ${version} is not read`, magic.length);
  if (prefix.length < start) throw new NpyFault('its header is cut off', prefix.length);
  const lengthView = new DataView(prefix.buffer, prefix.byteOffset + prefixLength, lengthSize);
  const length = version === 1 ? lengthView.getUint16(0, true) : lengthView.getUint32(0, true);
  if (length > longestHeader) throw new NpyFault(`its header of ${length} bytes is longer than is read`, prefixLength);
  if (start + length > source.length) throw new NpyFault('its header is cut off', prefixLength);
  // Version 3 is UTF-8; what is read of a header is ASCII in all of them.
  const text = new TextDecoder('latin1').decode(source.subarray(start, start + length));
  return { text, dataStart: start + length };
}

function parseHeader(text: string, start: number): { descr: PythonLiteral; fortranOrder: boolean; shape: number[] } {
  const fail = (reason: string, offset = start) => new NpyFault(`its header is damaged: ${reason}`, offset);
  let header: PythonLiteral;
  try {
    header = parsePythonLiteral(text);
  } catch (error) {
    if (error instanceof LiteralFault) throw fail(error.reason, start + error.position);
    throw error;
  }
  if (!(header instanceof Map)) throw fail('it is no dict');
  const fields: ReadonlyMap<string, PythonLiteral> = header;
  const descr = fields.get('descr');
  const fortranOrder = fields.get('fortran_order');
  const shape = fields.get('shape');
  if (descr === undefined || fields.size !== 3) throw fail('it has other keys than descr, fortran_order and shape');
  if (typeof fortranOrder !== 'boolean') throw fail('fortran_order is neither True nor False');
  if (!Array.isArray(shape)) throw fail('its shape is no tuple');
  const sizes = shape.filter((size): size is number => Number.isSafeInteger(size) && Number(size) >= 0);
  if (sizes.length !== shape.length) throw fail('its shape is not made of whole numbers from 0');
  return { descr, fortranOrder, shape: sizes };
}
