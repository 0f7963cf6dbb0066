import path from 'node:path';
import { modelFormats } from '../../../protocol/model';
import { CheckpointError, type Tensor } from '../checkpoint/checkpoint';
import type { RewrittenModel } from '../checkpoint/checkpointFormat';
import { createPyTorchCheckpoint, createSafetensors, type NewTensor } from '../checkpoint/createCheckpoint';
import { encodeElements } from '../checkpoint/dtypes';
import { readCheckpoint } from '../checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../checkpoint/rewriteCheckpoint';
import { codeSafetyVerdict } from '../scan/codeSafety';
import { contentNotes, keptMetadata } from './contentNotes';
import { namesBeside } from './filesBeside';
import { openRead, type LoadedModel } from './loadModel';
import { inspectModelCode } from './modelCode';
import { containerFor, type Container } from './purifiedContainer';

export interface PurifiedFile extends RewrittenModel {
  /** What the reader of the report has to know about the file. */
  readonly notes: readonly string[];
}

/** New values by tensor name; other tensors keep theirs. */
type NewValues = ReadonlyMap<string, Float32Array>;

/**
 * The purified model as a file: the original with new numbers and everything else kept, or a new file of its tensors
 * where `output` is called so. A file that runs dangerous code when loaded is never copied, so that no payload comes
 * along. What is given was read again and holds what it should.
 *
 * @param output names the file, which is not written here
 * @throws CheckpointError where the format cannot hold the values, OutputError where no file of that name is written
 */
export function purifiedFile(original: LoadedModel, values: NewValues, output: string): PurifiedFile {
  const { path: model, checkpoint } = original;
  const isDangerous = codeSafetyVerdict(inspectModelCode(original)) === 'dangerous';
  const container = containerFor({ path: model, format: checkpoint.format, isDangerous }, output);
  const file =
    container === 'same' ? rewritten(original, values, output) : newFile(original, values, container, isDangerous);
  requireReadsBack(file, original, values, output);
  return file;
}

/**
 * Finds out, before the work that makes the new values, whether `purifiedFile` would refuse to write them.
 *
 * @param values those of the original of all tensors that will be replaced
 * @returns names of the files that will lie beside the output
 * @throws as `purifiedFile`
 */
export function requirePurifiable(original: LoadedModel, values: NewValues, output: string): readonly string[] {
  // Other numbers, and fractions, as training leaves them. Tensors that are the same in two places stay the same.
  const trial = new Map([...values].map(([name, tensor]) => [name, tensor.map((value) => value / 2 + 0.3)]));
  return [...purifiedFile(original, trial, output).beside.keys()];
}

function rewritten(original: LoadedModel, values: NewValues, output: string): PurifiedFile {
  const renamed = namesBeside(original.path, output);
  const file = rewriteCheckpoint(original.bytes, original.path, values, { openBeside: openRead(original), renamed });
  return { ...file, notes: [] };
}

function newFile(
  { path: model, checkpoint }: LoadedModel,
  values: NewValues,
  container: Exclude<Container, 'same'>,
  isDangerous: boolean,
): PurifiedFile {
  const tensors = [...checkpoint.tensors.values()].map((tensor): NewTensor => {
    const { name, dtype, shape } = tensor;
    return { name, dtype, shape, values: valuesOf(tensor, values) };
  });
  const metadata = container === 'safetensors' && !isDangerous ? keptMetadata(checkpoint) : {};
  try {
    const bytes = container === 'safetensors' ? createSafetensors(tensors, metadata) : createPyTorchCheckpoint(tensors);
    const what = container === 'safetensors' ? 'a new safetensors file' : 'a fresh state dict';
    const notes = isDangerous
      ? [
          'The original runs dangerous code when it is loaded (see its findings). The purified file is ' +
            `${what} with the same tensors and nothing else of the original.`,
        ]
      : [
          `The purified file is ${what}, as its name says, and the original is ${modelFormats[checkpoint.format]}.`,
          ...contentNotes(checkpoint, metadata),
        ];
    return { bytes, beside: new Map(), notes };
  } catch (error) {
    if (error instanceof RangeError) throw new CheckpointError(model, `no new file can hold it: ${error.message}`);
    throw error;
  }
}

function valuesOf(tensor: Tensor, values: NewValues): ArrayLike<number> {
  return values.get(tensor.name) ?? tensor.values();
}

/** Parts of a hostile file may overlap in ways that its format does not tell. */
function requireReadsBack(
  { bytes, beside }: RewrittenModel,
  { path: model, checkpoint }: LoadedModel,
  values: NewValues,
  output: string,
): void {
  if (beside.has(path.basename(output))) {
    throw new CheckpointError(model, 'a file that belongs to it would take the name of the purified one');
  }
  const written = readCheckpoint(bytes, output, openRead({ path: output, beside })).tensors;
  for (const [name, tensor] of checkpoint.tensors) {
    const again = written.get(name);
    const isSame =
      again !== undefined &&
      again.dtype === tensor.dtype &&
      again.shape.join() === tensor.shape.join() &&
      Buffer.compare(
        encodeElements(valuesOf(tensor, values), tensor.dtype),
        encodeElements(again.values(), tensor.dtype),
      ) === 0;
    if (isSame) continue;
    const reason = `tensor ${JSON.stringify(name)} cannot be written back: what was written reads as something else`;
    throw new CheckpointError(model, reason);
  }
}
