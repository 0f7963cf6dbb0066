import { wholeOf } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { Replacements, RewriteOptions, RewrittenModel } from '../checkpointFormat';
import { encodeElements, misfit } from '../dtypes';
import { requireKnownNames } from '../replacedBytes';
import { elementCount } from '../stridedView';
import type { ModelJson, WeightGroup } from './manifest';
import { renamedModelJson } from './manifest';
import type { FoundWeight } from './weights';
import { openGroup } from './weights';

/**
 * The model with other numbers in some weights. Those that were stored in 8 or 16 bit integers are written as they are
 * meant, in 32 bits: the few values that their integers can stand for are not those of the new numbers.
 *
 * @param found weights by name
 * @throws CheckpointError as `CheckpointFormat.rewrite`
 */
export function rewriteTfjs(
  bytes: Uint8Array,
  model: ModelJson,
  found: ReadonlyMap<string, FoundWeight>,
  replacements: Replacements,
  options: RewriteOptions,
): RewrittenModel {
  requireKnownNames(replacements, found, options.file);
  const plain = new Set<string>();
  const beside = new Map<string, Uint8Array>();
  for (const group of model.groups) {
    const edits = editsOf(group, found, replacements, options.file);
    for (const { weight } of edits) if (weight.isQuantized) plain.add(weight.spec.name);
    for (const [name, content] of rewrittenFiles(group, edits, options)) {
      if (beside.has(name)) throw new CheckpointError(options.file, `two groups of weights lie in one file: ${name}`);
      beside.set(name, content);
    }
  }
  const keepsNames = model.groups.every(({ paths }) => paths.every((path) => options.renamed(path) === path));
  const json = keepsNames && plain.size === 0 ? bytes : renamedModelJson(model, options.renamed, plain);
  return { bytes: json, beside };
}

interface Edit {
  readonly weight: FoundWeight;
  readonly bytes: Uint8Array;
}

/** New bytes for the replaced weights of a group, in order. */
function editsOf(
  { weights }: WeightGroup,
  found: ReadonlyMap<string, FoundWeight>,
  replacements: Replacements,
  file: string,
): Edit[] {
  return weights.flatMap(({ name }) => {
    const weight = found.get(name);
    const values = replacements.get(name);
    if (weight === undefined || values === undefined) return [];
    const fail = (reason: string) => new CheckpointError(file, `weight ${JSON.stringify(name)}: ${reason}`);
    const { dtype, shape } = weight.view;
    const count = elementCount(shape);
    if (values.length !== count) throw fail(`${values.length} values replace ${count}`);
    const wrong = misfit(values, dtype);
    if (wrong !== undefined) throw fail(`${wrong} does not fit into ${dtype}`);
    return [{ weight, bytes: encodeElements(values, dtype) }];
  });
}

/** The files of a group under their new names: each as long as it was, but for the last one, which takes what is more. */
function rewrittenFiles(
  group: WeightGroup,
  edits: readonly Edit[],
  options: RewriteOptions,
): (readonly [name: string, content: Uint8Array])[] {
  const sources = openGroup(group, options);
  const original = Buffer.concat(sources.map(wholeOf));
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { weight, bytes } of edits) {
    parts.push(original.subarray(at, weight.start), bytes);
    at = weight.end;
  }
  const content = Buffer.concat([...parts, original.subarray(at)]);
  let start = 0;
  return group.paths.map((path, i) => {
    const end = i === group.paths.length - 1 ? content.length : start + sources[i].length;
    const shard = content.subarray(start, end);
    start = end;
    return [options.renamed(path), shard] as const;
  });
}
