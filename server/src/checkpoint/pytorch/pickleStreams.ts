import type { ByteSource } from '../byteSource';
import type { ContainerAnomaly, PickleGlobal } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import { limits } from '../limits';
import { runPickle } from '../pickle/machine';
import type { PickleValue } from '../pickle/values';

/** Pickles one after another, with raw bytes between them, of which no more is read than is asked for. */
export class PickleStreams {
  /** Where the next pickle, or the next raw bytes, begin. */
  position = 0;
  /** What the pickles so far import. */
  readonly globals: PickleGlobal[] = [];
  readonly anomalies: ContainerAnomaly[] = [];

  /**
   * @param file names the file in errors
   * @param entry the part of the file that `source` is
   * @param budget of opcodes, over all pickles
   */
  constructor(
    private readonly source: ByteSource,
    private readonly file: string,
    private readonly entry = '',
    private readonly budget = { left: limits.pickleOperations as number },
  ) {}

  /** Follows the next pickle. Throws CheckpointError where it breaks. */
  next(): PickleValue {
    const { entry } = this;
    const run = runPickle(this.source, this.position, this.budget);
    for (const record of run.imports) this.globals.push({ ...record, entry });
    for (const note of run.notes) this.anomalies.push({ ...note, entry });
    if (run.fault !== undefined) {
      const { offset, reason } = run.fault;
      throw this.fault(`the pickle cannot be followed: ${reason}`, offset);
    }
    this.position = run.end;
    return run.value ?? null;
  }

  /** The next `length` bytes. Throws CheckpointError where there are fewer. */
  bytes(length: number): DataView {
    const bytes = this.source.subarray(this.position, this.position + length);
    if (bytes.length < length) throw this.fault('the file is cut off', this.position);
    this.position += length;
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** A whole number of eight bytes. */
  count(): number {
    const value = Number(this.bytes(8).getBigInt64(0, true));
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw this.fault(`${value} is no count`, this.position - 8);
  }

  /** Moves past `length` bytes without reading them, and gives the place of the first. Throws where there are fewer. */
  skip(length: number): number {
    const start = this.position;
    if (!(length <= this.source.length - start)) {
      throw this.fault(`${length} bytes should follow where ${this.source.length - start} do`, start);
    }
    this.position += length;
    return start;
  }

  fault(reason: string, offset?: number): CheckpointError {
    return new CheckpointError(this.file, reason, offset, this.entry === '' ? undefined : this.entry);
  }
}
