/** The index of sharded weights that `huggingface_hub` writes: which tensor lies in which file beside it. */

import { wholeOf, type ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import { limits } from '../limits';
import { isJsonObject, parseJson } from '../parseJson';

export interface ShardIndex {
  /** The whole JSON object. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Files by tensor, in the order of the index. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of the files, in the order in which the index comes to them, each once. */
  readonly shards: readonly string[];
}

/** Bytes at the beginning in which an index names its map: what comes before are a few numbers. */
const searched = 1 << 14;

/** Whether a file begins as an index does. */
export function looksLikeIndex(source: ByteSource): boolean {
  if (!/^\s*\{/.test(textOf(source.subarray(0, 64)))) return false;
  return textOf(source.subarray(0, searched)).includes('"weight_map"');
}

/** Reads and checks an index. Throws CheckpointError where it is damaged or names more files than are opened. */
export function readIndex(source: ByteSource, file: string): ShardIndex {
  const fail = (reason: string) => new CheckpointError(file, `the index of the shards is damaged: ${reason}`);
  if (source.length > limits.shardIndex) throw fail(`it has ${source.length} bytes, more than are read`);
  const content = parseJson(wholeOf(source), fail);
  if (!isJsonObject(content) || !isJsonObject(content.weight_map)) throw fail('it has no "weight_map" of tensors');
  const files = new Map<string, string>();
  for (const [name, shard] of Object.entries(content.weight_map)) {
    if (typeof shard !== 'string') throw fail(`tensor ${JSON.stringify(name)} lies in no file`);
    files.set(name, shard);
  }
  const shards = [...new Set(files.values())];
  if (shards.length > limits.shards) throw fail(`it names ${shards.length} files, more than are opened`);
  return { content, files, shards };
}

/** The same index with the files called otherwise. */
export function renamedIndex({ content, files }: ShardIndex, renamed: (name: string) => string): Uint8Array {
  const map = Object.fromEntries([...files].map(([name, shard]) => [name, renamed(shard)]));
  // A line for each tensor; the rest may be anything, of which indentation could make a thousand times as much.
  const entries = Object.entries(content).map(([key, value]) => {
    const text = key === 'weight_map' ? JSON.stringify(map, null, 2).replace(/\n/g, '\n  ') : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return new TextEncoder().encode(`{\n${entries.join(',\n')}\n}\n`);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
