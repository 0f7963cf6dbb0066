import path from 'node:path';
import { modelEnding } from '../../protocol/model';

/** `model.pt` -> `model.safetensors`, and so `model.safetensors.index.json`. */
export function safetensorsName(modelName: string): string {
  const { length } = modelEnding(modelName) ?? path.posix.extname(modelName);
  return `${modelName.slice(0, modelName.length - length)}.safetensors`;
}
