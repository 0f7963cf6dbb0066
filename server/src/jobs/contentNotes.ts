import type { OpenCheckpoint } from '../checkpoint/openCheckpoint';

/** The text beside the tensors of a model that a safetensors file of them takes along. */
export function keptMetadata({ metadata, extras }: OpenCheckpoint): Record<string, string> {
  // What Python's own writer says: readers of other programs look for it.
  return { ...metadata, ...extras.plain, format: 'pt' };
}

/**
 * What of a model is not in a new file of its tensors as it was.
 *
 * @param kept text that the new file takes along
 */
export function contentNotes(checkpoint: OpenCheckpoint, kept: Readonly<Record<string, string>>): string[] {
  const { tensors, wrapper, extras, metadata } = checkpoint;
  const notes: string[] = [];
  if (wrapper !== '') {
    notes.push(`The weights lay under the key ${JSON.stringify(wrapper)}; in the new file they lie under none.`);
  }
  const lost = Object.keys({ ...metadata, ...extras.plain }).filter((key) => !Object.hasOwn(kept, key));
  if (lost.length > 0) notes.push(`Not kept: ${listed(lost)}.`);
  if (extras.others.length > 0) notes.push(`Not kept, as they are no plain data: ${listed(extras.others)}.`);
  const shared = sharedTensors(tensors);
  if (shared.length > 0) {
    const groups = shared.map((names) => names.join(' = ')).join('; ');
    notes.push(`These shared memory, and each has its own copy now: ${groups}.`);
  }
  return notes;
}

function listed(keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(key)).join(', ');
}

/** Names of tensors that are views of the same storage, by storage. */
function sharedTensors(tensors: OpenCheckpoint['tensors']): string[][] {
  const byStorage = new Map<unknown, string[]>();
  for (const [name, { storage }] of tensors) {
    const names = byStorage.get(storage);
    if (names) names.push(name);
    else byStorage.set(storage, [name]);
  }
  return [...byStorage.values()].filter((names) => names.length > 1);
}
