import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import { readHeader } from './header';
import { entryView } from './readSafetensors';

/** Rewrites a safetensors file: header and other tensors stay byte for byte. Throws CheckpointError. */
export function rewriteSafetensors(
  bytes: Uint8Array,
  file: string,
  replacements: ReadonlyMap<string, ArrayLike<number>>,
): Uint8Array {
  const entries = new Map(readHeader(bytes, file).entries.map((entry) => [entry.name, entry]));
  requireKnownNames(replacements, entries, file);
  const replaced = new ReplacedBytes(bytes, file);
  for (const [name, values] of replacements) {
    const entry = entries.get(name);
    if (entry !== undefined) replaced.replace(name, entryView(entry), values);
  }
  return replaced.bytes;
}
