import { canonicalJson } from '../canonicalJson';
import { sha256Of } from '../hashFile';
import type { JobMessage } from './message';

/**
 * What a job is told by: the same work on the same content has the same id, wherever its files lie. It goes without what
 * has no say in the result.
 */
export function jobIdOf({ task, inputs, outputs }: JobMessage): string {
  const work = task.kind === 'purify' ? { ...task, overwrite: undefined } : task;
  const contents = inputs.map(({ name, files }) => ({ name, files }));
  return sha256Of(canonicalJson({ task: work, inputs: contents, outputs }));
}
