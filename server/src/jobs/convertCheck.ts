import { openCheckpoint } from '../checkpoint/openCheckpoint';
import type { ViewedTensor } from '../checkpoint/stridedView';
import { tensorParts } from '../checkpoint/tensorParts';
import { FileSource } from './fileSource';
import { OutputError } from './writeWhole';

interface WrittenFile {
  /** Where it lies for now. */
  readonly written: string;
  /** Where it is to go; names it in errors. */
  readonly output: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Original {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, ViewedTensor>;
}

/**
 * Reads a converted file back and compares it with the original: names, element types, shapes, bytes, metadata.
 *
 * @param tell hears how many bytes were compared, after each part
 * @throws OutputError where anything differs, CheckpointError where either cannot be read, what `tell` throws
 */
export function requireSameTensors(
  { written, output, metadata }: WrittenFile,
  original: Original,
  tell: (done: number) => void,
): Promise<void> {
  const differs = (what: string) =>
    new OutputError(
      output,
      `${what} differ from the original's: the original changed meanwhile, or the disk is faulty`,
    );
  return FileSource.with(written, async (file) => {
    const copy = openCheckpoint(file, output);
    const names = [...copy.tensors.keys()].sort();
    const expected = [...original.tensors.keys()].sort();
    if (names.length !== expected.length || names.some((name, i) => name !== expected[i])) throw differs('its tensors');
    const isKept = Object.entries(metadata).every(([key, value]) => copy.metadata[key] === value);
    if (!isKept || Object.keys(copy.metadata).length !== Object.keys(metadata).length) throw differs('its metadata');
    let done = 0;
    for (const [name, tensor] of original.tensors) {
      const other = copy.tensors.get(name);
      if (other === undefined || other.dtype !== tensor.dtype || other.shape.join() !== tensor.shape.join()) {
        throw differs(`shape or element type of ${JSON.stringify(name)}`);
      }
      const copied = tensorParts(other, output);
      for (const part of tensorParts(tensor, original.file)) {
        const again = copied.next().value ?? new Uint8Array();
        if (Buffer.compare(part, again) !== 0) throw differs(`values of ${JSON.stringify(name)}`);
        done += part.length;
        // Lets a cancellation through.
        await new Promise((resolve) => setImmediate(resolve));
        tell(done);
      }
    }
  });
}
