import type { JobExecutor, RunOptions } from '../../jobs/executor';
import type { QueueStanding } from '../../../../protocol/queue';
import { QueueLeftError, QueueLink, type QueueLinkOptions } from './queueLink';

/** What the settings `graphnad.queue.*` say. */
export interface QueueSettings {
  /** Empty where there is no queue. */
  readonly url: string;
  /** Absolute paths of folders that workers see as well. */
  readonly sharedFolders: readonly string[];
}

export interface ExecutorsOptions extends Omit<QueueLinkOptions, 'url' | 'shared'> {
  /** Does what is done on this machine. */
  readonly local: JobExecutor;
}

/**
 * Has each job done where it belongs: what runs models by the workers of a queue, as long as the settings name one, and
 * all else on this machine. What the queue cannot do is not done here instead: that is for a person to decide.
 */
export class Executors implements JobExecutor {
  private settings: QueueSettings = { url: '', sharedFolders: [] };
  private link: QueueLink | undefined;

  constructor(private readonly options: ExecutorsOptions) {}

  get places(): number {
    return this.options.local.places;
  }

  /** How the queue stands; undefined where there is none. */
  get standing(): QueueStanding | undefined {
    return this.link?.standing;
  }

  /** Asks this queue from now on. What another one has not done yet is asked for anew; what runs here goes on. */
  use(settings: QueueSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    const before = this.link;
    const { url, sharedFolders } = settings;
    this.link = url === '' ? undefined : new QueueLink({ ...this.options, url, shared: sharedFolders });
    void before?.close();
    this.options.onChange();
    this.options.onUsable();
  }

  async run(task: unknown, options: RunOptions = {}): Promise<unknown> {
    for (;;) {
      const { link } = this;
      if (link === undefined || !runsModels(task)) return this.options.local.run(task, options);
      try {
        return await link.run(task, options);
      } catch (error) {
        if (!(error instanceof QueueLeftError)) throw error;
      }
    }
  }

  async dispose(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    await Promise.all([this.options.local.dispose(), link?.close()]);
  }
}

/** Whether a job takes time and needs nothing but its files: other jobs are done before they would have travelled. */
function runsModels(task: unknown): boolean {
  const { kind, data, codeOnly, madeUpGraphs } = task as Partial<ScanOrOther>;
  if (kind === 'purify') return true;
  return kind === 'scan' && codeOnly !== true && (data !== undefined || madeUpGraphs === true);
}

interface ScanOrOther {
  readonly kind: string;
  readonly data?: string;
  readonly codeOnly?: boolean;
  readonly madeUpGraphs?: boolean;
}
