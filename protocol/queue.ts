/** What is told of a queue whose workers scan and purify, where `graphnad.queue.url` names one. */

/** Why a job in a queue does not go on: others are before it, or no worker would do it. */
export type QueueWait = 'in-queue' | 'no-worker';

/** How a queue stands. */
export interface QueueStanding {
  /** Its address, without a password; absent where the setting holds none that can be read. */
  readonly address?: string;
  /** Why nothing can be done by it now, as a clause without a full stop. */
  readonly trouble?: string;
  /** Known while it has jobs of this server. */
  readonly counts?: QueueCounts;
}

export interface QueueCounts {
  /** Workers that do the jobs of this version, and those of other versions, which do not. */
  readonly workers: number;
  readonly otherWorkers: number;
  /** What keeps workers of this version from working that cannot, such as a full disk; one text a worker. */
  readonly troubles: readonly string[];
  /** Jobs that wait and that are under way, whoever asked for them. */
  readonly waiting: number;
  readonly active: number;
}
