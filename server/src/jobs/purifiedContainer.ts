import path from 'node:path';
import { modelEnding, modelFormats } from '../../../protocol/model';
import type { FormatId } from '../checkpoint/checkpoint';
import { OutputError } from './writeWhole';

/** How a purified model is written: as the original is, or as a new file of its tensors. */
export type Container = 'same' | 'safetensors' | 'pytorch';

/** Endings of names that say which new file is wanted. */
const newFiles: Readonly<Record<string, Container>> = {
  '.safetensors': 'safetensors',
  '.pt': 'pytorch',
  '.pth': 'pytorch',
  '.ckpt': 'pytorch',
  '.bin': 'pytorch',
};

/** Formats whose files have the names of a new one as well. */
const alike: Readonly<Partial<Record<FormatId, Container>>> = {
  safetensors: 'safetensors',
  'pytorch-zip': 'pytorch',
  'pytorch-legacy': 'pytorch',
  'pytorch-tar': 'pytorch',
  torchscript: 'pytorch',
};

export interface Original {
  readonly path: string;
  readonly format: FormatId;
  /** Whether it runs dangerous code when it is loaded, so that it is not copied. */
  readonly isDangerous: boolean;
}

/**
 * How the purified copy of a model is written to `output`: as the original is, where the name says nothing else. What is
 * called `.safetensors` or `.pt` beside an original of another format is a new file of that format.
 *
 * @throws OutputError where the name says something that is not written, with one that would do
 */
export function containerFor({ path: model, format, isDangerous }: Original, output: string): Container {
  const [from, to] = [model, output].map((file) => modelEnding(path.basename(file))?.toLowerCase());
  const wanted = to === undefined ? undefined : newFiles[to];
  if (isDangerous) {
    if (wanted !== undefined) return wanted;
    // A PyTorch file is one by whatever name.
    if (alike[format] === 'pytorch' && (to === undefined || to === from)) return 'pytorch';
    throw new OutputError(
      output,
      'the original runs dangerous code when it is loaded, so what is written is not a copy of it but a new file of its ' +
        `tensors, as safetensors or PyTorch: choose a name such as ${suggested(output)}`,
    );
  }
  if (to === undefined || to === from || (wanted !== undefined && alike[format] === wanted)) return 'same';
  if (wanted !== undefined) return wanted;
  const endings = [...new Set([from ?? 'something else', '.safetensors', '.pt'])];
  throw new OutputError(
    output,
    `a model of this format (${modelFormats[format]}) is written back as what it is, or as safetensors or PyTorch: choose a ` +
      `name that ends in ${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}`,
  );
}

/** The same name as that of a safetensors file. */
function suggested(output: string): string {
  const name = path.basename(output);
  return `${name.slice(0, name.length - (modelEnding(name) ?? '').length)}.safetensors`;
}
