import type { Redis } from 'ioredis';
import { memoryLimits, serverFacts } from './serverFacts';
import { MemoryFullError } from './trouble';

/** Share of a server's memory that is filled up with files: what workers have to say needs room as well. */
const mostShare = 0.9;
/** How long what is known of the memory is good for, in milliseconds. */
const goodFor = 1_000;

/** Keeps somebody who sends files from filling a server's memory to the brim, where nobody could go on. */
export class Headroom {
  private left = 0;
  private until = -Infinity;

  constructor(private readonly client: Redis) {}

  /** @throws MemoryFullError where so many bytes are too many */
  async take(bytes: number): Promise<void> {
    if (performance.now() > this.until) {
      const { used, most } = memoryLimits(await serverFacts(this.client, 'memory'));
      this.left = mostShare * most - used;
      this.until = performance.now() + goodFor;
    }
    if (bytes > this.left) throw new MemoryFullError();
    this.left -= bytes;
  }
}
