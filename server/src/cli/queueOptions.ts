import path from 'node:path';
import process from 'node:process';
import { parseQueueUrl, QueueError, type QueueAddress } from '../jobs/remote/address';
import { text, texts, UsageError, type Arguments } from './arguments';

const word = { type: 'string' } as const;

/** Options of commands that can have their jobs done by the workers of a queue. */
export const queueOptions = {
  ...{ queue: word, name: word },
  detach: { type: 'boolean' },
  shared: { type: 'string', multiple: true },
  retry: { type: 'boolean' },
} as const;

/** Those that belong to a run and not to what it does. */
export const runOptions = ['queue', 'name', 'detach'] as const;

/** Their part of a command's help. */
export const queueHelp = `  --queue URL          have the jobs done by workers of a queue (graphnad worker): redis://[USER@]HOST:PORT, or
                       rediss:// for TLS. The password may come from the environment variable GRAPHNAD_QUEUE_PASSWORD.
                       Ctrl-C leaves the run; its jobs go on, and graphnad attach NAME comes back to it
  --name NAME          with --queue: what the run is called; default: made from command and time
  --detach             with --queue: leave the run as soon as its jobs are in the queue
  --shared DIR         with --queue: workers see this folder under the same path, and read files in it there instead of
                       having them sent; may be given several times`;

/** Environment variable that holds the password of a queue. */
const passwordVariable = 'GRAPHNAD_QUEUE_PASSWORD';

/** What a command is told about a queue. */
export interface QueueChoice {
  readonly address: QueueAddress;
  /** As it was given: it may hold a password, and is never shown. */
  readonly url: string;
  /** Of the run. */
  readonly name?: string;
  readonly detach: boolean;
  /** Absolute paths. */
  readonly shared: readonly string[];
  /** Try again what was given up. */
  readonly retry: boolean;
}

/**
 * @param alone options of these that the command has a use for without a queue, too
 * @returns undefined where jobs are done here
 * @throws UsageError
 */
export function queueChoice(
  args: Arguments,
  alone: readonly (keyof typeof queueOptions)[] = [],
): QueueChoice | undefined {
  const url = text(args, 'queue');
  const ofQueues = (['name', 'detach', 'shared', 'retry'] as const).filter((option) => !alone.includes(option));
  const given = ofQueues.filter((option) => args.values[option] !== undefined);
  if (url === undefined) {
    if (given.length > 0) throw new UsageError(`--${given[0]} says something about a queue, and --queue is missing`);
    return undefined;
  }
  for (const option of ['jobs', 'threads']) {
    if (text(args, option) !== undefined)
      throw new UsageError(`--${option} is a matter of the workers; with --queue it has no meaning here`);
  }
  const name = text(args, 'name');
  return {
    ...{ address: queueAddress(url), url, name: name === undefined ? undefined : runName(name) },
    detach: args.values.detach === true,
    shared: texts(args, 'shared').map((folder) => path.resolve(folder)),
    retry: args.values.retry === true,
  };
}

/** The queue of commands that have no use without one. @throws UsageError */
export function requiredQueue(args: Arguments): QueueChoice {
  const queue = queueChoice(args);
  if (queue === undefined) throw new UsageError('--queue is missing');
  return queue;
}

/** A name that can stand on a command line unquoted. @throws UsageError */
export function runName(name: string): string {
  if (!/^[a-z\d][\w.-]{0,99}$/i.test(name))
    throw new UsageError(`the name of a run is made of up to 100 letters, digits, dots and dashes, not "${name}"`);
  return name;
}

/** How to name a queue on a command line: without its password. */
export function shownQueue({ shown, options }: QueueAddress): string {
  const { username } = options;
  return username === undefined ? shown : shown.replace('//', `//${encodeURIComponent(username)}@`);
}

function queueAddress(url: string): QueueAddress {
  try {
    const address = parseQueueUrl(url, queuePassword());
    // Whoever lists processes sees their arguments.
    if (address.options.password !== undefined && url.includes('@')) process.title = 'graphnad';
    return address;
  } catch (error) {
    throw error instanceof QueueError ? new UsageError(`--queue: ${error.reason}`) : error;
  }
}

let password: string | undefined;

/** Takes the password out of the environment: processes that look at files of strangers have no use for it. */
function queuePassword(): string | undefined {
  password = process.env[passwordVariable] ?? password;
  Reflect.deleteProperty(process.env, passwordVariable);
  return password;
}
