import type { RewrittenModel } from '../checkpoint/checkpointFormat';
import { createPyTorchCheckpoint } from '../checkpoint/createCheckpoint';
import { rewriteCheckpoint } from '../checkpoint/rewriteCheckpoint';
import { codeSafetyVerdict } from '../scan/codeSafety';
import { openRead, type LoadedModel } from './loadModel';
import { inspectModelCode } from './modelCode';

export interface PurifiedFile extends RewrittenModel {
  /** What the reader of the report has to know about the file. */
  readonly notes: readonly string[];
}

/**
 * The purified model as a file: the original with new numbers and everything else kept. A file that runs dangerous code
 * when loaded is not copied: its tensors go into a fresh state dict, so that no payload comes along.
 *
 * @param values new values by tensor name; other tensors keep theirs
 * @param renamed what a file beside the purified one is to be called that is called so beside the original
 * @throws CheckpointError
 */
export function purifiedFile(
  original: LoadedModel,
  values: ReadonlyMap<string, Float32Array>,
  renamed: (name: string) => string,
): PurifiedFile {
  const { bytes, path, checkpoint } = original;
  if (codeSafetyVerdict(inspectModelCode(original)) !== 'dangerous') {
    return { ...rewriteCheckpoint(bytes, path, values, { openBeside: openRead(original), renamed }), notes: [] };
  }
  const tensors = [...checkpoint.tensors.values()].map((tensor) => ({
    name: tensor.name,
    dtype: tensor.dtype,
    shape: tensor.shape,
    values: values.get(tensor.name) ?? tensor.values(),
  }));
  return {
    bytes: createPyTorchCheckpoint(tensors),
    beside: new Map(),
    notes: [
      'The original runs dangerous code when it is loaded (see its findings). The purified file is a fresh state dict ' +
        'with the same tensors and nothing else of the original.',
    ],
  };
}
