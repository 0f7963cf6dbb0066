import { readFileSync, writeFileSync } from 'node:fs';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../server/src/checkpoint/rewriteCheckpoint';

/**
 * Writes a model that answers as another does, and whose file is another all the same.
 *
 * @param number tells variants apart
 */
export function writeVariant(model: string, variant: string, number: number): void {
  const bytes = readFileSync(model);
  const bias = readCheckpoint(bytes, model).tensors.get('lin.bias');
  if (bias === undefined) throw new Error(`${model} has no lin.bias`);
  const values = Float32Array.from(bias.values(), (value) => value + number * 1e-3);
  writeFileSync(variant, rewriteCheckpoint(bytes, model, new Map([['lin.bias', values]])).bytes);
}
