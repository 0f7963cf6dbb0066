import path from 'node:path';

/** `model.pt` -> `model.safetensors`. */
export function safetensorsName(modelName: string): string {
  return `${path.posix.parse(modelName).name}.safetensors`;
}
