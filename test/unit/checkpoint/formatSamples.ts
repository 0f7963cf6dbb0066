/** Samples of `test/fixtures/formats`, written by the libraries people use, and what every reader has to stand. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkedBeside } from '../../../server/src/checkpoint/beside';
import type { ByteSource } from '../../../server/src/checkpoint/byteSource';
import type { DType } from '../../../server/src/checkpoint/checkpoint';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import type {
  CheckpointFormat,
  OpenCheckpoint,
  Replacements,
  RewrittenModel,
} from '../../../server/src/checkpoint/checkpointFormat';
import { Glimpse } from '../../../server/src/checkpoint/glimpse';

const root = path.resolve(__dirname, '../../fixtures/formats');

/** A tensor as the library that wrote it reads it, or why it is not read here. */
export type SampleTensor =
  | { readonly name: string; readonly dtype: DType; readonly shape: readonly number[]; readonly values: number[] }
  | { readonly name: string; readonly unread: string };

/** Samples of one folder. */
export class Samples {
  readonly expected: Readonly<Record<string, readonly SampleTensor[]>>;

  constructor(private readonly folder: string) {
    this.expected = JSON.parse(readFileSync(path.join(root, folder, 'expected.json'), 'utf8')) as typeof this.expected;
  }

  bytes(name: string): Uint8Array {
    // Of its own memory, so that nothing is read beyond it.
    return Uint8Array.from(readFileSync(path.join(root, this.folder, name)));
  }

  /** Copies all of them into a folder, and gives that back. */
  copyTo(folder: string): string {
    return Samples.copy(this.folder, folder);
  }

  /** The same of samples by the name of their folder. */
  static copy(name: string, folder: string): string {
    cpSync(path.join(root, name), folder, { recursive: true });
    return folder;
  }

  /** A file beside the samples. */
  beside = (name: string): ByteSource => {
    if (!existsSync(path.join(root, this.folder, name))) throw new CheckpointError(name, 'there is no such file');
    return this.bytes(name);
  };
}

type Beside = (name: string) => ByteSource;
const noneBeside: Beside = (name) => {
  throw new CheckpointError(name, 'there is no such file');
};

function options(beside: Beside) {
  const openBeside = checkedBeside(beside, 'sample');
  return { file: 'sample', isChecked: () => true, largeTensors: false, openBeside, renamed: (name: string) => name };
}

export function openAs(format: CheckpointFormat, source: ByteSource, beside = noneBeside): OpenCheckpoint {
  return format.open(source, options(beside));
}

export function rewriteAs(
  format: CheckpointFormat,
  bytes: Uint8Array,
  replacements: Replacements,
  beside = noneBeside,
): RewrittenModel {
  const written = format.rewrite?.(bytes, replacements, options(beside));
  assert.ok(written, 'the format is written');
  return written;
}

export function isRecognised(format: CheckpointFormat, source: ByteSource): boolean {
  return format.matches(new Glimpse(source, 'sample'));
}

/** Asserts that `checkpoint` holds `expected`: names in order, types, shapes and values. */
export function assertHolds(checkpoint: OpenCheckpoint, expected: readonly SampleTensor[]): void {
  const read = expected.filter((tensor) => 'values' in tensor);
  assert.deepEqual(
    [...checkpoint.tensors.keys()],
    read.map(({ name }) => name),
  );
  for (const { name, dtype, shape, values } of read) {
    const tensor = checkpoint.tensors.get(name);
    assert.deepEqual([tensor?.dtype, tensor?.shape], [dtype, shape], name);
    assert.deepEqual([...(tensor?.values() ?? [])], values, name);
  }
  const unread = expected.filter((tensor) => 'unread' in tensor);
  assert.deepEqual(
    [...checkpoint.unread.keys()],
    unread.map(({ name }) => name),
  );
  for (const { name, unread: reason } of unread) {
    assert.ok(checkpoint.unread.get(name)?.includes(reason), `${name}: ${String(checkpoint.unread.get(name))}`);
  }
}

/** Other values for every tensor of floating-point numbers: each one's negative. */
export function negated(checkpoint: OpenCheckpoint): Map<string, Float64Array> {
  const floats = [...checkpoint.tensors.values()].filter(({ dtype }) => dtype.includes('float'));
  return new Map(floats.map((tensor) => [tensor.name, tensor.values().map((value) => 0 - value)]));
}

/** What `checkpoint` holds, with `replacements` in place of some values. */
export function contents(checkpoint: OpenCheckpoint, replacements?: Replacements): Record<string, unknown> {
  return Object.fromEntries(
    [...checkpoint.tensors].map(([name, tensor]) => [
      name,
      [tensor.dtype, tensor.shape, [...Array.from(replacements?.get(name) ?? tensor.values())]],
    ]),
  );
}

export interface Rewritten {
  readonly before: OpenCheckpoint;
  readonly written: Uint8Array;
  readonly after: OpenCheckpoint;
}

/** Writes every number's negative into a sample and asserts that the copy holds these, and all else as before. */
export function assertRewrites(format: CheckpointFormat, bytes: Uint8Array): Rewritten {
  const before = openAs(format, bytes);
  const replacements = negated(before);
  const written = rewriteAs(format, bytes, replacements).bytes;
  const after = openAs(format, written);
  assert.deepEqual(contents(after), contents(before, replacements));
  return { before, written, after };
}

/**
 * Opens `bytes` cut at every length and with a bit flipped at every byte, and reads all tensors: each time that works or
 * throws CheckpointError.
 *
 * @param step look at every so many bytes only
 */
export function assertStandsDamage(format: CheckpointFormat, bytes: Uint8Array, step = 1, beside = noneBeside): void {
  for (let at = 0; at < bytes.length; at += step) {
    survives(format, bytes.slice(0, at), `cut at ${at}`, beside);
    for (const bit of [1, 0x80, 0xff]) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= bit;
      survives(format, flipped, `byte ${at} with ${bit} flipped`, beside);
    }
  }
}

function survives(format: CheckpointFormat, bytes: Uint8Array, what: string, beside: Beside): void {
  try {
    for (const tensor of openAs(format, bytes, beside).tensors.values()) tensor.values();
  } catch (error) {
    if (!(error instanceof CheckpointError)) assert.fail(`${what}: ${String((error as Error).stack)}`);
  }
}
