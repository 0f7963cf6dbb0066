import { randomUUID } from 'node:crypto';
import type { QueueCounts, QueueStanding } from '../../../../protocol/queue';
import { programId } from '../../jobs/cache/programId';
import type { RunOptions } from '../../jobs/executor';
import { errorData, JobError } from '../../jobs/messages';
import { parseQueueUrl, QueueError, type QueueAddress } from '../../jobs/remote/address';
import type { RemoteExecutor } from '../../jobs/remote/remoteExecutor';
import { JobCancelledError, WorkerCrashedError } from '../../jobs/workerProcess';
import { orGivenUp } from './orGivenUp';
import { QueueWatch } from './queueWatch';

/** Pauses before a queue that could not be used is tried again, in milliseconds: the last one from then on. */
const pauses = [2_000, 5_000, 15_000, 30_000] as const;
/** How long the queue may take to hear that a job is not wanted any more, in milliseconds: editors wait about as long. */
const cancelGrace = 1_000;

export interface QueueLinkOptions {
  /** See `parseQueueUrl`; with a password in it, it is refused. */
  readonly url: string;
  readonly password: string | undefined;
  /** Absolute paths of folders that workers see as well. */
  readonly shared: readonly string[];
  /** Where the build is, see `programId`. */
  readonly programFolder: string;
  /** Hears what befalls the queue, once. */
  readonly log: { readonly info: (text: string) => void; readonly warn: (text: string) => void };
  /** Hears when the queue stands otherwise. */
  readonly onChange: () => void;
  /** Hears when jobs that failed for want of the queue may be asked for again. */
  readonly onUsable: () => void;
}

/** The queue is not asked any more, because the settings name another one or none. */
export class QueueLeftError extends Error {
  override readonly name = 'QueueLeftError';
}

/**
 * Has jobs done by one queue. It connects at once, so that a wrong address or password shows before anything is asked for,
 * and goes on trying when that fails.
 */
export class QueueLink {
  private readonly address: QueueAddress | QueueError;
  private readonly closing = new AbortController();
  private readonly watch: QueueWatch;
  private connected: Promise<RemoteExecutor> | undefined;
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private trouble = '';

  constructor(private readonly options: QueueLinkOptions) {
    this.address = addressOf(options);
    if (this.address instanceof QueueError) this.say(this.address.reason);
    this.watch = new QueueWatch(() => this.ask(), options.onChange);
    this.watch.look();
  }

  get standing(): QueueStanding {
    const { address, trouble } = this;
    return {
      address: address instanceof QueueError ? undefined : address.shown,
      trouble: trouble === '' ? undefined : trouble,
      counts: this.watch.counts,
    };
  }

  /**
   * See `JobExecutor.run`.
   *
   * @throws JobError also where the queue cannot be used, or does not try the job any more; QueueLeftError
   */
  async run(task: unknown, options: RunOptions): Promise<unknown> {
    const { signal, priority } = options;
    const stop = AbortSignal.any([this.closing.signal, ...(signal ? [signal] : [])]);
    try {
      // Whoever asks now is not told of a failure of half a minute ago.
      if (priority === 'user' && this.retry !== undefined) this.tryAgain();
      const executor = await orGivenUp(this.connect(), stop, 0);
      return await this.watch.follow({ ...options, signal: stop }, (followed) =>
        orGivenUp(executor.run(task, followed), stop, cancelGrace),
      );
    } catch (error) {
      if (this.closing.signal.aborted && signal?.aborted !== true) throw new QueueLeftError();
      throw asOfWorker(error);
    }
  }

  /** Cancels what was asked for and has not ended. Does not wait long for a queue that does not answer. */
  async close(): Promise<void> {
    this.closing.abort();
    this.watch.close();
    clearTimeout(this.retry);
    const closed = this.connected?.then((executor) => executor.dispose()).catch(() => undefined);
    await orGivenUp(closed ?? Promise.resolve(), this.closing.signal, cancelGrace).catch(() => undefined);
  }

  private async ask(): Promise<QueueCounts> {
    const { trouble, ...counts } = await (await this.connect()).status();
    // What answers can be reached, whatever was said of it before.
    this.say(trouble ?? '');
    return counts;
  }

  private connect(): Promise<RemoteExecutor> {
    return (this.connected ??= this.open());
  }

  private tryAgain(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.connected = this.open();
    // Those who ask meanwhile hear of it.
    const usable = (): void => {
      this.watch.look();
      this.options.onUsable();
    };
    this.connected.then(usable, () => undefined);
  }

  private async open(): Promise<RemoteExecutor> {
    const { address, options } = this;
    if (address instanceof QueueError) throw address;
    try {
      const { RemoteExecutor } = await import('../../jobs/remote/remoteExecutor');
      const executor = await RemoteExecutor.connect({
        ...{ address, program: await programId(options.programFolder), shared: options.shared },
        run: `editor-${randomUUID()}`,
        onConnection: (trouble) => this.hear(trouble),
      });
      this.failures = 0;
      this.say('');
      options.log.info(`Scans and purifications are done by the workers of the queue ${address.shown}.`);
      return executor;
    } catch (error) {
      const reason = error instanceof QueueError ? error.reason : String(error);
      this.say(reason);
      if (!this.closing.signal.aborted) {
        const pause = pauses[Math.min(this.failures++, pauses.length - 1)];
        this.retry = setTimeout(() => this.tryAgain(), pause);
      }
      throw error;
    }
  }

  /** One lost connection makes many words: the first ones are passed on, until there is an answer again. */
  private hear(trouble: string): void {
    if (trouble !== '' && this.trouble !== '') return;
    this.say(trouble);
    if (trouble !== '') this.ask().catch(() => undefined);
  }

  /** @param trouble as a clause; empty once the queue is well (again) */
  private say(trouble: string): void {
    if (trouble === this.trouble || this.closing.signal.aborted) return;
    this.trouble = trouble;
    const { log, onChange } = this.options;
    const name = this.address instanceof QueueError ? 'The queue' : `The queue ${this.address.shown}`;
    if (trouble === '') log.info(`${name} can be used.`);
    else log.warn(`${name} cannot be used: ${trouble}. Nothing is done on this machine instead.`);
    onChange();
  }
}

/** Settings are shown, copied and sent to others: no place for a password. */
function addressOf({ url, password }: QueueLinkOptions): QueueAddress | QueueError {
  try {
    if (parseQueueUrl(url).options.password === undefined) return parseQueueUrl(url, password);
    return new QueueError(
      'graphnad.queue.url',
      'there is a password in the setting graphnad.queue.url; take it out, and use the command GraphNAD: Set Queue ' +
        'Password or the environment variable GRAPHNAD_QUEUE_PASSWORD',
    );
  } catch (error) {
    if (error instanceof QueueError) return error;
    throw error;
  }
}

/** Errors as those who ask for jobs know them, whoever does the jobs. */
function asOfWorker(error: unknown): unknown {
  const isKnown = [JobError, JobCancelledError, WorkerCrashedError].some((known) => error instanceof known);
  return isKnown ? error : new JobError(errorData(error));
}
