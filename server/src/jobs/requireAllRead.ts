import { CheckpointError, type Checkpoint } from '../checkpoint/checkpoint';

/**
 * What a model does depends on all of its tensors, and a copy of some is no copy.
 *
 * @throws CheckpointError where a tensor of the file cannot be read
 */
export function requireAllRead({ unread }: Pick<Checkpoint, 'unread'>, file: string): void {
  const [first] = unread;
  if (first === undefined) return;
  const [name, reason] = first;
  const others = unread.size > 1 ? ` (and ${unread.size - 1} more)` : '';
  throw new CheckpointError(file, `tensor ${JSON.stringify(name)}${others} cannot be read: ${reason}`);
}
