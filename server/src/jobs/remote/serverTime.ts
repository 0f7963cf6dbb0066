import type { Redis } from 'ioredis';

/** Milliseconds since 1970 by the server's clock: those of the machines may differ. */
export async function serverTime(client: Redis): Promise<number> {
  const [seconds, microseconds] = (await client.time()).map(Number);
  return seconds * 1000 + Math.floor(microseconds / 1000);
}
