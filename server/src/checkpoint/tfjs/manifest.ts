/** The weights manifest of a TensorFlow.js model: which weights lie, one after another, in which files beside it. */

import { wholeOf, type ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import { limits } from '../limits';
import { isJsonObject, parseJson } from '../parseJson';

/** How numbers were stored in fewer bits: `value = stored * scale + min`, or as float16. */
export type Quantization =
  { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number } | { readonly dtype: 'float16' };

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
}

/** Weights that lie in the same files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

export interface ModelJson {
  /** The whole JSON object. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly groups: readonly WeightGroup[];
}

/** Bytes at the beginning in which a model names its parts: what comes before are a few words about its maker. */
const searched = 1 << 14;

/** Whether a file begins as the `model.json` of a model does. */
export function looksLikeModelJson(source: ByteSource): boolean {
  const head = new TextDecoder('latin1').decode(source.subarray(0, searched));
  return /^\s*\{/.test(head) && /"(modelTopology|weightsManifest)"/.test(head);
}

/** Reads and checks `model.json`. Throws CheckpointError where it is damaged. */
export function readModelJson(source: ByteSource, file: string): ModelJson {
  const fail = (reason: string) => new CheckpointError(file, `the TensorFlow.js model is damaged: ${reason}`);
  if (source.length > limits.configBytes) throw fail(`it has ${source.length} bytes, more than are read`);
  const content = parseJson(wholeOf(source), fail);
  if (!isJsonObject(content) || !Array.isArray(content.weightsManifest)) throw fail('it has no "weightsManifest"');
  const groups = content.weightsManifest.map((group: unknown, i) => readGroup(group, `group ${i + 1}`, fail));
  const files = groups.reduce((sum, { paths }) => sum + paths.length, 0);
  if (files > limits.shards) throw fail(`it names ${files} files, more than are opened`);
  return { content, groups };
}

type Fail = (reason: string) => CheckpointError;

function readGroup(group: unknown, what: string, fail: Fail): WeightGroup {
  if (!isJsonObject(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights)) {
    throw fail(`${what} of its weights names no files or no weights`);
  }
  const paths = group.paths.filter((path) => typeof path === 'string');
  if (paths.length !== group.paths.length) throw fail(`${what} of its weights names files by something else than text`);
  return { paths, weights: group.weights.map((weight: unknown) => readWeight(weight, what, fail)) };
}

function readWeight(weight: unknown, what: string, fail: Fail): WeightSpec {
  if (!isJsonObject(weight) || typeof weight.name !== 'string') throw fail(`a weight of ${what} has no name`);
  const { name, shape, dtype, quantization } = weight;
  const shown = `weight ${JSON.stringify(name)}`;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)) {
    throw fail(`the shape of ${shown} is not made of whole numbers from 0`);
  }
  if (typeof dtype !== 'string') throw fail(`${shown} has no element type`);
  if (quantization === undefined) return { name, shape: shape as number[], dtype };
  return { name, shape: shape as number[], dtype, quantization: readQuantization(quantization, shown, fail) };
}

function readQuantization(value: unknown, shown: string, fail: Fail): Quantization {
  const { dtype, scale, min } = isJsonObject(value) ? value : {};
  if (dtype === 'float16') return { dtype };
  if (dtype !== 'uint8' && dtype !== 'uint16') throw fail(`${shown} is stored in a way that is not read`);
  // JSON can spell numbers that are infinite when they are read.
  if (!isFiniteNumber(scale) || !isFiniteNumber(min)) throw fail(`${shown} has no scale or no minimum`);
  return { dtype, scale, min };
}

/**
 * The same model with its files called otherwise, and some weights no longer quantised.
 *
 * @param plain names of those weights
 */
export function renamedModelJson(
  { content, groups }: ModelJson,
  renamed: (path: string) => string,
  plain: ReadonlySet<string>,
): Uint8Array {
  const original = content.weightsManifest as readonly { readonly weights: readonly Record<string, unknown>[] }[];
  const manifest = original.map((group, i) => ({
    ...group,
    paths: groups[i].paths.map(renamed),
    weights: group.weights.map(({ quantization, ...weight }) =>
      quantization === undefined || plain.has(String(weight.name)) ? weight : { ...weight, quantization },
    ),
  }));
  const entries = Object.entries(content).map(([key, value]) => [key, key === 'weightsManifest' ? manifest : value]);
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
