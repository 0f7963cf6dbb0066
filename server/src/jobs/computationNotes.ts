import { modelFormats } from '../../../protocol/model';
import type { FormatId } from '../checkpoint/checkpoint';

/** Formats whose files hold more than tensors: what is computed with them. */
const withComputation: ReadonlySet<FormatId> = new Set(['torchscript', 'onnx', 'keras', 'keras-hdf5', 'tfjs-layers']);

/** What has to be said of a model that was recognised in a file of a format, beside what was recognised. */
export function computationNotes(format: FormatId): string[] {
  if (!withComputation.has(format)) return [];
  return [
    `A file of this format (${modelFormats[format]}) says itself what it computes, which is not run here: the model is ` +
      'taken to compute what the names of its tensors say.',
  ];
}
