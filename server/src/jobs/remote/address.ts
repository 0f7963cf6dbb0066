import type { RedisOptions } from 'ioredis';

/** Where a queue is cannot be told, or what is there cannot serve as one. Its message holds no password. */
export class QueueError extends Error {
  override readonly name = 'QueueError';

  constructor(
    /** The queue's address without its password, or what was given for one. */
    readonly queue: string,
    readonly reason: string,
  ) {
    super(`${queue}: ${reason}`);
  }
}

/** Where a queue is. */
export interface QueueAddress {
  /** For people: without password. */
  readonly shown: string;
  readonly options: RedisOptions;
}

const defaultPort = 6379;

/**
 * Reads the address of a Redis or Valkey server: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`, or `rediss:` for
 * TLS, which checks the server's certificate. Parts with special characters are percent-encoded.
 *
 * @param password where the address holds none
 * @throws QueueError, which does not repeat what it could not read: there may be a password in it
 */
export function parseQueueUrl(text: string, password?: string): QueueAddress {
  const fail = (reason: string): QueueError => new QueueError('the address of the queue', reason);
  const form = 'it must be like redis://HOST:PORT, or rediss://HOST:PORT with TLS';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail(form);
  }
  if (!['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') throw fail(form);
  const database = /^\/?$/.test(url.pathname) ? 0 : Number(/^\/(\d{1,4})$/.exec(url.pathname)?.[1] ?? NaN);
  if (Number.isNaN(database)) throw fail('what follows the host must be the number of a database, such as /1');
  if (url.search !== '' || url.hash !== '') throw fail('there is something behind it that has no meaning here');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? defaultPort : Number(url.port);
  const username = decoded(url.username, fail);
  const secret = decoded(url.password, fail) ?? password;
  return {
    shown: `${url.protocol}//${url.hostname}:${port}${database === 0 ? '' : `/${database}`}`,
    options: {
      ...{ host, port, db: database, username, password: secret },
      ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
    },
  };
}

function decoded(part: string, fail: (reason: string) => QueueError): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch {
    throw fail('user or password are not percent-encoded');
  }
}
