/** The checkpoints of `test/fixtures/pytorch`, written by a real PyTorch, and what they hold. */

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DType } from '../../../server/src/checkpoint/checkpoint';

const folder = path.resolve(__dirname, '../../fixtures/pytorch');

export interface ExpectedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface ExpectedCheckpoint {
  readonly wrapper: string;
  readonly tensors: readonly ExpectedTensor[];
}

export function fixture(name: string): Uint8Array {
  return readFileSync(path.join(folder, name));
}

/** Names of all model files there, readable or not. */
export const fixtureNames: readonly string[] = readdirSync(folder).filter((name) => /\.(pt|pkl)$/.test(name));

const pythonNumbers: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

/** Reads an `expected.json`, which holds what is not finite as Python's words for it. */
export function parseExpected(json: string): Readonly<Record<string, ExpectedCheckpoint>> {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'values'
      ? (value as (number | string)[]).map((item) => Number(pythonNumbers[String(item)] ?? item))
      : value,
  ) as Record<string, ExpectedCheckpoint>;
}

/** By file name. */
export const expectedCheckpoints = parseExpected(readFileSync(path.join(folder, 'expected.json'), 'utf8'));

export const plainValues = JSON.parse(readFileSync(path.join(folder, 'plain-values.json'), 'utf8')) as {
  readonly values: readonly string[];
  readonly set: string;
  readonly frozenset: string;
  readonly bytearray: string;
  readonly keywords: string;
};

/** Random streams, the names CPython imports when it loads them, and whether it loads them to the end. */
export const cpythonImports = JSON.parse(readFileSync(path.join(folder, 'cpython-imports.json'), 'utf8')) as readonly {
  readonly stream: string;
  readonly imports: readonly (readonly [module: string, name: string])[];
  readonly loads: boolean;
}[];
