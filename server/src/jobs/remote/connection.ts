import { Redis, type RedisOptions } from 'ioredis';
import { QueueError, type QueueAddress } from './address';
import { serverFacts, unfitness } from './serverFacts';
import { reasonOf } from './trouble';

/** How long a server may take to answer at first, in milliseconds. */
const connectTimeout = 10_000;
/** Longest pause before a lost connection is tried again, in milliseconds. */
const longestPause = 5_000;
/** First version with all that is used of it. */
const oldest = [6, 2] as const;

/** Hears how a connection does, in words without a full stop; an empty text once it is well again. */
export type OnConnection = (trouble: string) => void;

/**
 * Connects to the server of a queue and finds out whether it can serve as one. A connection that is lost later is tried
 * again until it is closed; what was asked meanwhile is asked then.
 *
 * @throws QueueError where it cannot be reached, wants another password, is too old or a copy of another, or would throw
 *   jobs away
 */
export async function connect(address: QueueAddress, onConnection?: OnConnection): Promise<Redis> {
  await requireQueue(address);
  return openConnection(address, onConnection);
}

/** A further connection to a server that is known to be there. */
export function openConnection({ options }: QueueAddress, onConnection: OnConnection = () => undefined): Redis {
  const client = new Redis({
    ...options,
    connectTimeout,
    // What waits for a job, and what is asked while the connection is lost, has no time limit.
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 10), longestPause),
  });
  client.on('error', (error: Error) => onConnection(`the connection was lost and is tried again: ${reasonOf(error)}`));
  client.on('ready', () => onConnection(''));
  return client;
}

/** A server that speaks TLS, and one that does not, understand nothing of what the other kind is told, and say nothing. */
function tlsHint({ tls }: RedisOptions, { message }: Error): string {
  if (tls !== undefined && /ETIMEDOUT|ECONNRESET|wrong version number|packet length/i.test(message)) {
    return '; one without TLS has an address that begins with redis:, not rediss:';
  }
  return tls === undefined && message.includes('ECONNRESET')
    ? '; one with TLS has an address that begins with rediss:'
    : '';
}

async function requireQueue({ shown, options }: QueueAddress): Promise<void> {
  const client = new Redis({ ...options, connectTimeout, lazyConnect: true, retryStrategy: () => null });
  let cause: Error | undefined;
  client.on('error', (error: Error) => (cause = error));
  try {
    await client.connect();
    const facts = await serverFacts(client);
    const version = facts.get('valkey_version') === undefined ? facts.get('redis_version') : undefined;
    const [major, minor] = (version ?? '').split('.').map(Number);
    if (version !== undefined && (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))) {
      throw new QueueError(shown, `this is Redis ${version}; version ${oldest.join('.')} or later is needed`);
    }
    const unfit = unfitness(facts);
    if (unfit !== undefined) throw new QueueError(shown, unfit);
    if (facts.get('role') === 'slave') {
      throw new QueueError(shown, 'it is a copy of another server (a replica) and takes no changes; name that one');
    }
  } catch (error) {
    if (error instanceof QueueError) throw error;
    const reason = cause ?? (error as Error);
    throw new QueueError(shown, `the queue cannot be reached: ${reasonOf(reason)}${tlsHint(options, reason)}`);
  } finally {
    client.disconnect();
  }
}
