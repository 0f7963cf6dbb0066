/** What must hold of every model file that is read, whatever its format. */

import assert from 'node:assert/strict';
import type { ByteSource } from '../../../server/src/checkpoint/byteSource';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import type { OpenBeside, OpenCheckpoint } from '../../../server/src/checkpoint/checkpointFormat';
import { openCheckpoint } from '../../../server/src/checkpoint/openCheckpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../server/src/checkpoint/rewriteCheckpoint';
import type { ViewedTensor } from '../../../server/src/checkpoint/stridedView';
import { elementCount, viewProblem } from '../../../server/src/checkpoint/stridedView';
import { readBlocks, tensorParts } from '../../../server/src/checkpoint/tensorParts';
import { elementSize } from '../../../server/src/checkpoint/dtypes';
import { CountedSource } from '../../unit/checkpoint/sampleSource';
import { readOrRefused } from './refusal';

/** Elements, and tensors, whose values are looked at: more of the same shows nothing new. */
const mostElements = 1 << 12;
const mostTensors = 64;

const file = 'sample';

/**
 * Reads a model file in every way there is and compares them.
 *
 * @param beside files beside it, by name
 */
export function checkModelFile(bytes: Uint8Array, beside: ReadonlyMap<string, Uint8Array> = new Map()): string {
  const openBeside = besideOf(beside, (content) => content);
  const { value: checkpoint, refusal } = refusable(() => readCheckpoint(bytes, file, openBeside));
  const opened = refusable(() =>
    openCheckpoint(
      new CountedSource(bytes),
      file,
      besideOf(beside, (content) => new CountedSource(content)),
    ),
  );
  if (opened.value !== undefined) checkTensors(opened.value);
  if (checkpoint === undefined) return refusal;
  checkTensors(checkpoint);
  assert.ok(opened.value, `what can be read can be opened: ${opened.refusal ?? ''}`);
  assert.equal(opened.value.format, checkpoint.format);
  const values = valuesOf(checkpoint);
  assertSame(valuesOf(opened.value), values, 'read and opened, it holds the same');
  return `${checkpoint.format}: ${checkRewriting(bytes, openBeside, values)}`;
}

function refusable<T>(read: () => T) {
  return readOrRefused([CheckpointError], read);
}

function besideOf(files: ReadonlyMap<string, Uint8Array>, open: (content: Uint8Array) => ByteSource): OpenBeside {
  return (name) => {
    assert.match(name, /^[^/\\:\0]+$/, 'a file beside is one of the same folder');
    assert.ok(name !== '.' && name !== '..', 'a file beside is no folder');
    const content = files.get(name);
    if (content === undefined) throw new CheckpointError(name, 'there is no such file');
    return open(content);
  };
}

function checkTensors({ tensors, unread, metadata, extras }: OpenCheckpoint): void {
  for (const [name, tensor] of tensors) {
    assert.equal(tensor.name, name);
    assert.deepEqual(tensor.view.shape, tensor.shape);
    assert.equal(viewProblem(tensor.view, tensor.storage.length, true), undefined, 'a tensor lies in its storage');
    assert.ok(!unread.has(name), 'a tensor is read or it is not');
  }
  for (const record of [metadata, extras.plain]) {
    const prototype: unknown = Object.getPrototypeOf(record);
    assert.ok(prototype === Object.prototype || prototype === null, 'plain data has no prototype of its own');
    for (const [key, value] of Object.entries(record)) assert.equal(typeof value, 'string', key);
  }
}

type TensorValues = { readonly dtype: string; readonly values: Float64Array } | string;
type Values = ReadonlyMap<string, TensorValues>;

/** The values of small tensors, by name; the reason where they cannot be read. */
function valuesOf({ tensors }: OpenCheckpoint): Values {
  const small = [...tensors].filter(([, { shape }]) => elementCount(shape) <= mostElements).slice(0, mostTensors);
  return new Map(
    small.map(([name, tensor]): [string, TensorValues] => {
      const { value, refusal } = refusable(() => tensor.values());
      if (value === undefined) return [name, refusal];
      assert.equal(value.length, elementCount(tensor.shape), 'there is a value for each element');
      checkParts(tensor, value);
      return [name, { dtype: tensor.dtype, values: value }];
    }),
  );
}

function assertSame(actual: Values, expected: Values, message: string): void {
  assert.deepEqual([...actual.keys()], [...expected.keys()], message);
  for (const [name, tensor] of expected) {
    const other = actual.get(name);
    if (typeof tensor === 'string' || typeof other !== 'object') assert.equal(other, tensor, `${message}: ${name}`);
    else assert.ok(other.dtype === tensor.dtype && sameNumbers(other.values, tensor.values), `${message}: ${name}`);
  }
}

/** Not by their bytes: what is no number may be so in many ways. */
function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** Read in parts, a tensor is what it is read at once. */
function checkParts(tensor: ViewedTensor, values: Float64Array): void {
  let bytes = 0;
  for (const part of tensorParts(tensor, file)) bytes += part.length;
  assert.equal(bytes, values.length * elementSize[tensor.dtype], 'the parts are as long as the elements');
  const blocks = readBlocks(tensor, [{ from: 0, to: values.length }], file);
  assert.ok(sameNumbers(blocks, values), 'read in blocks, a tensor is the same');
}

/** Written with the numbers it has, a file still has them. */
function checkRewriting(bytes: Uint8Array, openBeside: OpenBeside, values: Values): string {
  const replacements = new Map<string, Float64Array>();
  for (const [name, tensor] of values) if (typeof tensor !== 'string') replacements.set(name, tensor.values);
  const { value: written, refusal } = refusable(() => rewriteCheckpoint(bytes, file, replacements, { openBeside }));
  if (written === undefined) return `not written, ${refusal}`;
  const besides: OpenBeside = (name) => written.beside.get(name) ?? openBeside(name);
  const again = readCheckpoint(written.bytes, file, besides);
  assertSame(valuesOf(again), values, 'written with the same numbers, it holds the same');
  return 'written';
}
