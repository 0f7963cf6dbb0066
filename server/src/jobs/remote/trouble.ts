/** Troubles with the server of a queue, in words for whoever has to see to it. */
import { QueueError } from './address';

export const memoryIsFull = 'its memory is full (maxmemory)';

/** Somebody would send what a server has hardly any room for. */
export class MemoryFullError extends Error {
  override readonly name = 'MemoryFullError';

  constructor() {
    super(memoryIsFull);
  }
}

/** By the first word of what the server answers. */
const known: Readonly<Record<string, string | undefined>> = {
  OOM: memoryIsFull,
  READONLY: 'it is a copy of another server (a replica) and takes no changes',
  MISCONF: 'it cannot write to its disk, and takes no changes',
  NOREPLICAS: 'too few copies of it (replicas) are there, and it takes no changes',
  WRONGPASS: 'it wants another user or password (WRONGPASS); GRAPHNAD_QUEUE_PASSWORD may hold it',
  NOAUTH: 'it wants a password (NOAUTH); GRAPHNAD_QUEUE_PASSWORD may hold it',
};

/** A clause without a full stop. */
export function reasonOf(error: Error): string {
  // Several addresses of one host are tried; that of the last says as much as all.
  if (error instanceof AggregateError && error.errors.length > 0) return String((error.errors.at(-1) as Error).message);
  const { message } = firstOf(error);
  if (message.startsWith('Protocol error')) return 'what answers there is no Redis or Valkey server';
  const word = wordOf(message);
  return (Object.hasOwn(known, word) ? known[word] : undefined) ?? (message || error.name);
}

/** Whether the server has refused a command: nothing that another try would change at once. */
function isRefusal(error: unknown): error is Error {
  return error instanceof MemoryFullError || (error instanceof Error && error.name === 'ReplyError');
}

/**
 * What to throw of something that was asked of a server.
 *
 * @param queue its address, for people
 * @returns a QueueError where the server has refused it, else what was thrown
 */
export function asQueueError(error: unknown, queue: string): unknown {
  return isRefusal(error) ? new QueueError(queue, reasonOf(error)) : error;
}

/** Refusals that are about no command in particular, and end when somebody has seen to the server. */
const passing: ReadonlySet<string> = new Set(['OOM', 'MISCONF', 'READONLY', 'NOREPLICAS']);

/** Whether the server takes nothing at the moment, whatever it is: what it refused may be tried again later. */
export function willPass(error: unknown): error is Error {
  return isRefusal(error) && (error instanceof MemoryFullError || passing.has(wordOf(firstOf(error).message)));
}

/** First word of an answer; where a script failed, servers before Redis 7 say that of its command further on. */
function wordOf(message: string): string {
  return /^ERR .*-([A-Z]+) /s.exec(message)?.[1] ?? /^[A-Z]+/.exec(message)?.[0] ?? '';
}

/** A transaction that is given up says nothing of why; the command before does. */
function firstOf(error: Error): Error {
  const before = (error as { previousErrors?: readonly unknown[] }).previousErrors?.at(0);
  return before instanceof Error ? before : error;
}
