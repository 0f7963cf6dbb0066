import { wholeOf } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { Replacements, RewriteOptions, RewrittenModel } from '../checkpointFormat';
import { encodeElements, misfit } from '../dtypes';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import { elementCount } from '../stridedView';
import type { FoundTensor } from './elements';
import { entryField, tensorField } from './schema';
import type { Edit } from './splice';
import { spliced } from './splice';
import type { ExternalData } from './tensor';
import { bytesField } from './wire';

/**
 * The model with other numbers in some tensors. Numbers that lie in it, or in a file beside it, as they are change in
 * place; listed ones become `raw_data`, as readers take both.
 *
 * @throws CheckpointError as `CheckpointFormat.rewrite`
 */
export function rewriteOnnx(
  bytes: Uint8Array,
  found: ReadonlyMap<string, FoundTensor>,
  replacements: Replacements,
  options: RewriteOptions,
): RewrittenModel {
  const { file } = options;
  requireKnownNames(replacements, found, file);
  const model = new ReplacedBytes(bytes, file);
  const beside = new Map<string, ReplacedBytes>();
  const edits: Edit[] = [];
  for (const [name, { tensor, elements }] of found) {
    const { external, offset, view } = elements;
    if (external !== undefined) {
      edits.push(renamedLocation(external, options.renamed(external.location)));
      if (!beside.has(external.location)) {
        const whole = wholeOf(options.openBeside(external.location));
        beside.set(external.location, new ReplacedBytes(whole, file));
      }
    }
    const values = replacements.get(name);
    if (values === undefined) continue;
    if (offset !== undefined) {
      const holder = external === undefined ? model : beside.get(external.location);
      holder?.replace(name, { ...view, byteOffset: offset }, values);
    } else {
      requireFit(name, values, elementCount(view.shape), elements.dtype, file);
      edits.push(
        ...tensor.listed.map(({ start, end }, i) => ({
          start,
          end,
          bytes: i > 0 ? new Uint8Array() : bytesField(tensorField.rawData, encodeElements(values, elements.dtype)),
        })),
      );
    }
  }
  for (const [name, { elements }] of found) {
    if (replacements.has(name) || elements.offset === undefined) continue;
    const holder = elements.external === undefined ? model : beside.get(elements.external.location);
    holder?.requireUnchanged(name, { ...elements.view, byteOffset: elements.offset });
  }
  edits.sort((a, b) => a.start - b.start);
  return {
    bytes: spliced(model.bytes, 0, bytes.length, edits, { left: Infinity }),
    beside: new Map([...beside].map(([name, replaced]) => [options.renamed(name), replaced.bytes])),
  };
}

function requireFit(
  name: string,
  values: ArrayLike<number>,
  count: number,
  dtype: FoundTensor['elements']['dtype'],
  file: string,
): void {
  const fail = (reason: string) => new CheckpointError(file, `tensor ${JSON.stringify(name)}: ${reason}`);
  if (values.length !== count) throw fail(`${values.length} values replace ${count}`);
  const wrong = misfit(values, dtype);
  if (wrong !== undefined) throw fail(`${wrong} does not fit into ${dtype}`);
}

function renamedLocation({ locationField: { start, end } }: ExternalData, name: string): Edit {
  return { start, end, bytes: bytesField(entryField.value, new TextEncoder().encode(name)) };
}
