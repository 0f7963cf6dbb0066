import type { Queue } from 'bullmq';
import type { Priority } from '../queue';
import { ByteBudget } from './byteBudget';
import type { ContentStore } from './contentStore';
import type { Headroom } from './headroom';
import { jobOptions } from './jobOptions';
import type { PackedJob } from './pack';
import { willPass } from './trouble';

/** Bytes of files that are on their way at the same time: each piece is in memory until the server has it. */
const mostSentBytes = 32 * 2 ** 20;

interface Sending {
  readonly priority?: Priority;
  /** Throws where the job is not wanted any more. */
  readonly goOn: () => void;
}

/** Puts jobs into the queue, and the files that they need. */
export class JobSender {
  private readonly sending = new Map<string, Promise<void>>();
  private readonly room = new ByteBudget(mostSentBytes);
  private taken = 0;

  constructor(
    private readonly queue: Queue,
    private readonly content: ContentStore,
    private readonly headroom: Headroom,
  ) {}

  /** How many jobs the server has taken. */
  get count(): number {
    return this.taken;
  }

  /**
   * Puts a job into the queue, or sees to it that one that is there has its files.
   *
   * @throws what the server says that takes nothing; nothing of the job is left there then, unless others ask for it
   */
  async send(id: string, { message, travelling }: PackedJob, { priority, goOn }: Sending): Promise<void> {
    try {
      const missing = await this.content.claim(id, [...travelling.keys()]);
      await Promise.all(missing.map((sha256) => this.put(sha256, travelling.get(sha256)!)));
      goOn();
      // What a person waits for comes before what waits already. Where it is there already, this changes nothing.
      await this.queue.add(message.task.kind, message, { ...jobOptions, jobId: id, lifo: priority === 'user' });
      this.taken++;
    } catch (error) {
      // What was brought for nothing would keep workers from what they could do.
      if (willPass(error)) await this.takeBack(id, [...travelling.keys()]);
      throw error;
    }
  }

  /** Side by side, jobs for which there is not enough room would take it from each other, and none would have all it needs. */
  private async takeBack(id: string, contents: readonly string[]): Promise<void> {
    this.room.close();
    if ((await this.queue.getJobState(id)) === 'unknown') await this.content.release(id, contents);
  }

  /** Brings a job that waits to the front. */
  async hurry(id: string): Promise<void> {
    // One that does not wait any more has no place among those that do.
    await (await this.queue.getJob(id))?.changePriority({ lifo: true }).catch(() => undefined);
  }

  /** Many jobs need the same data set: it is sent once. */
  private async put(sha256: string, file: { readonly path: string; readonly bytes: number }): Promise<void> {
    const sending = this.sending.get(sha256) ?? this.putInTurn(sha256, file);
    this.sending.set(sha256, sending);
    await sending.finally(() => this.sending.delete(sha256));
  }

  private async putInTurn(
    sha256: string,
    { path, bytes }: { readonly path: string; readonly bytes: number },
  ): Promise<void> {
    const leave = await this.room.enter(bytes);
    try {
      await this.headroom.take(bytes);
      await this.content.put(sha256, path);
    } finally {
      leave();
    }
  }
}
