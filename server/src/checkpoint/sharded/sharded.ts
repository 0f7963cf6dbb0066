import { wholeOf, type ByteSource } from '../byteSource';
import type { Checkpoint, ContainerAnomaly } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, Extras, FormatOptions, OpenCheckpoint, Replacements } from '../checkpointFormat';
import { matchFormat } from '../matchFormat';
import { requireKnownNames } from '../replacedBytes';
import type { ViewedTensor } from '../stridedView';
import { looksLikeIndex, readIndex, renamedIndex, type ShardIndex } from './shardIndex';

/** A shard and what it turned out to hold. */
interface Shard {
  readonly name: string;
  readonly source: ByteSource;
  readonly format: CheckpointFormat;
  readonly opened: OpenCheckpoint;
}

/**
 * Models in several files, as `huggingface_hub` writes large ones: `*.safetensors.index.json` or
 * `pytorch_model.bin.index.json`, and beside it the shards it names.
 *
 * @param formats of which the shards may be, but for those of several files: what stands for the model, is looked into
 *   and is written back are the files that the index names
 */
export function shardedFormat(formats: readonly CheckpointFormat[]): CheckpointFormat {
  const formatsOfOneFile = formats.filter((format) => format.filesBeside === undefined);
  return {
    id: 'sharded',

    matches: ({ kind, source }) => kind === 'other' && looksLikeIndex(source),

    filesBeside: (source, file) => readIndex(source, file).shards,

    open(source, options) {
      const index = readIndex(source, options.file);
      return merged(index, openShards(index, options), options.file);
    },

    /** Each shard is rewritten as a file of its format is; the index changes where it names them. */
    rewrite(bytes, replacements, options) {
      const { file, renamed } = options;
      const index = readIndex(bytes, file);
      const shards = openShards(index, options);
      const { tensors } = merged(index, shards, file);
      requireKnownNames(replacements, tensors, file);
      const beside = new Map(
        shards.map(({ name, source, format, opened }) => {
          const own = new Map([...replacements].filter(([tensor]) => isTakenFrom(index, tensor, name, opened)));
          return [renamed(name), rewrittenShard(format, wholeOf(source), own, { ...options, file: name })] as const;
        }),
      );
      if (beside.size < shards.length) throw new CheckpointError(file, 'two of its shards would be called the same');
      return { bytes: renamedIndex(index, renamed), beside };
    },
  };

  function openShards({ shards }: ShardIndex, options: FormatOptions): Shard[] {
    return shards.map((name) => {
      const source = options.openBeside(name);
      const format = matchFormat(formatsOfOneFile, source, name);
      return { name, source, format, opened: format.open(source, { ...options, file: name }) };
    });
  }
}

function rewrittenShard(
  format: CheckpointFormat,
  bytes: Uint8Array,
  replacements: Replacements,
  options: Parameters<NonNullable<CheckpointFormat['rewrite']>>[2],
): Uint8Array {
  if (replacements.size === 0) return bytes;
  if (format.rewrite === undefined)
    throw new CheckpointError(options.file, 'a shard of this format is not written back');
  return format.rewrite(bytes, replacements, options).bytes;
}

/** Whether a tensor is read from this shard: where the index says so, or where it says nothing and the shard has it. */
function isTakenFrom({ files }: ShardIndex, tensor: string, shard: string, { tensors }: Checkpoint): boolean {
  return files.has(tensor) ? files.get(tensor) === shard : tensors.has(tensor);
}

function merged(index: ShardIndex, shards: readonly Shard[], file: string): OpenCheckpoint {
  const tensors = new Map<string, ViewedTensor>();
  const unread = new Map<string, string>();
  const anomalies: ContainerAnomaly[] = [];
  for (const { name: shard, opened } of shards) {
    for (const [name, part] of [...opened.tensors, ...opened.unread]) {
      const place = index.files.get(name);
      if (place !== shard) {
        // Loaders take every tensor of every shard, whatever the index says.
        anomalies.push({
          entry: shard,
          reason: `tensor ${JSON.stringify(name)} is not one that the index says is here`,
        });
        if (place !== undefined || tensors.has(name) || unread.has(name)) continue;
      }
      if (typeof part === 'string') unread.set(name, part);
      else tensors.set(name, part);
    }
    const within = (entry?: string) => (entry === undefined || entry === '' ? shard : `${shard} > ${entry}`);
    for (const anomaly of opened.anomalies) anomalies.push({ ...anomaly, entry: within(anomaly.entry) });
  }
  for (const [name, shard] of index.files) {
    if (tensors.has(name) || unread.has(name)) continue;
    throw new CheckpointError(file, `tensor ${JSON.stringify(name)} is not in ${shard}, where the index says it is`);
  }
  if (tensors.size + unread.size === 0) throw new CheckpointError(file, 'it holds no tensors');
  return {
    format: 'sharded',
    tensors,
    unread,
    wrapper: commonWrapper(shards, file),
    globals: shards.flatMap(({ name, opened }) =>
      opened.globals.map((record) => ({ ...record, entry: `${name} > ${record.entry}` })),
    ),
    anomalies,
    metadata: Object.fromEntries(shards.flatMap(({ opened }) => Object.entries(opened.metadata))),
    extras: mergedExtras(index, shards),
  };
}

function commonWrapper(shards: readonly Shard[], file: string): string {
  const [wrapper, ...others] = new Set(shards.map(({ opened }) => opened.wrapper));
  if (others.length === 0) return wrapper;
  throw new CheckpointError(file, 'its shards keep their weights under different keys');
}

/** What the index says beside the map, and what the shards hold beside their tensors. */
function mergedExtras({ content }: ShardIndex, shards: readonly Shard[]): Extras {
  const { metadata } = content;
  const said = typeof metadata === 'object' && metadata !== null ? Object.entries(metadata) : [];
  const plain = [
    ...shards.flatMap(({ opened }) => Object.entries(opened.extras.plain)),
    ...said.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  ];
  return {
    plain: Object.fromEntries(plain) as Record<string, string>,
    others: [...new Set(shards.flatMap(({ opened }) => opened.extras.others))],
  };
}
