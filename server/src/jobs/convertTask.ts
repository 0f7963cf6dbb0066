import { createHash } from 'node:crypto';
import type { ConvertReport } from '../../../protocol/inspector';
import { CheckpointError } from '../checkpoint/checkpoint';
import { filesBeside } from '../checkpoint/formats';
import type { CodeInspection } from '../checkpoint/inspectCode';
import { openCheckpoint, type OpenCheckpoint } from '../checkpoint/openCheckpoint';
import { newHeader, type NewHeader } from '../checkpoint/safetensors/newHeader';
import type { ViewedTensor } from '../checkpoint/stridedView';
import { tensorParts } from '../checkpoint/tensorParts';
import { codeSafetyVerdict } from '../scan/codeSafety';
import { contentNotes, keptMetadata } from './contentNotes';
import { requireSameTensors } from './convertCheck';
import { FileSource } from './fileSource';
import { pathBeside } from './filesBeside';
import { inspectCodeOf } from './modelCode';
import { requireAllRead } from './requireAllRead';
import type { JobContext } from './tasks';
import { checkTarget, writeWhole } from './writeWhole';

export interface ConvertTask {
  readonly kind: 'convert';
  /** Absolute path of the model file. */
  readonly model: string;
  /** Absolute path of the safetensors file. */
  readonly output: string;
  /** Replace an existing output file. Default false: an existing file is an error. */
  readonly overwrite?: boolean;
}

/** An output may be so many times larger than its original: a few bytes can stand for any number of elements. */
const mostGrowth = 16;
/** An output up to this size may be written in any case. */
const alwaysAllowed = 1 << 26;

/**
 * Writes the tensors of a model into a safetensors file, with plain data beside them as metadata. Nothing in the model
 * is run, and the file is read and written in parts, whatever its size. What was written is compared with the original,
 * byte for byte, before it gets its name.
 *
 * @throws CheckpointError where the model cannot be read, OutputError where the output cannot be written or is not the
 *   same, the signal's reason once aborted; there is no output then
 */
export function convertToSafetensors(
  { model, output, overwrite }: ConvertTask,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<ConvertReport> {
  return FileSource.with(model, async (file, openBeside) => {
    const checkpoint = openCheckpoint(file, model, openBeside);
    if (checkpoint.format === 'safetensors') throw new CheckpointError(model, 'it is a safetensors file already');
    requireAllRead(checkpoint, model);
    const names = filesBeside(file, model);
    const target = { overwrite, protect: [model, ...names.map((name) => pathBeside(model, name))] };
    await checkTarget(output, target);
    const metadata = keptMetadata(checkpoint);
    const header = headerOf(checkpoint, metadata, model);
    const read = names.reduce((sum, name) => sum + openBeside(name).length, file.length);
    if (header.fileSize > mostGrowth * read + alwaysAllowed) {
      throw new CheckpointError(
        model,
        `its tensors show the same bytes so often that they would fill ${header.fileSize} bytes`,
      );
    }
    const hash = createHash('sha256');
    const tell = (stage: 'Writing' | 'Comparing') => (done: number) => {
      signal.throwIfAborted();
      const stageIndex = stage === 'Writing' ? 0 : 1;
      const share = header.fileSize === 0 ? 1 : done / header.fileSize;
      progress({ stage, stageIndex, stageCount: 2, fraction: (stageIndex + Math.min(1, share)) / 2 });
    };
    await writeWhole(output, fileParts(header, model, hash, tell('Writing')), {
      ...target,
      verify: (written) =>
        requireSameTensors(
          { written, output, metadata },
          { file: model, tensors: checkpoint.tensors },
          tell('Comparing'),
        ),
    });
    return {
      file: model,
      output,
      tensors: header.ordered.length,
      bytes: header.fileSize,
      outputSha256: hash.digest('hex'),
      metadata: Object.keys(metadata),
      notes: [...contentNotes(checkpoint, metadata), ...codeNotes(inspectCodeOf(file, model, openBeside))],
    };
  });
}

function headerOf(
  { tensors }: OpenCheckpoint,
  metadata: Readonly<Record<string, string>>,
  model: string,
): NewHeader<ViewedTensor> {
  try {
    return newHeader([...tensors.values()], metadata);
  } catch (error) {
    if (error instanceof RangeError) throw new CheckpointError(model, `safetensors cannot hold it: ${error.message}`);
    throw error;
  }
}

/** The bytes of the output, hashed on their way. */
function* fileParts(
  { bytes, ordered }: NewHeader<ViewedTensor>,
  model: string,
  hash: { update(part: Uint8Array): unknown },
  tell: (done: number) => void,
): Generator<Uint8Array> {
  let done = 0;
  for (const part of allParts()) {
    tell(done);
    hash.update(part);
    yield part;
    done += part.length;
  }

  function* allParts(): Generator<Uint8Array> {
    yield bytes;
    for (const tensor of ordered) yield* tensorParts(tensor, model);
  }
}

function codeNotes(code: CodeInspection): string[] {
  if (codeSafetyVerdict(code) !== 'dangerous') return [];
  return ['The original runs dangerous code when it is loaded; the output holds tensors and text and can run none.'];
}
