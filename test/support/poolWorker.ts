/** A worker whose jobs misbehave on request: the pool is tested on real processes. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { exitWithParent } from '../../server/src/jobs/exitWithParent';
import { serveJobs } from '../../server/src/jobs/serveJobs';
import { threadLimit } from '../../server/src/tensor/threads';

export type PoolTask =
  | { readonly do: 'echo'; readonly value: unknown }
  | { readonly do: 'pid' }
  | { readonly do: 'wait'; readonly milliseconds?: number }
  | { readonly do: 'hang' }
  | { readonly do: 'throw' }
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'print'; readonly text: string }
  | { readonly do: 'exhaust' }
  | { readonly do: 'progress'; readonly count: number }
  /** Ends when the file is there. */
  | { readonly do: 'await-file'; readonly file: string }
  /** Ends when it may use so many threads. */
  | { readonly do: 'await-threads'; readonly threads: number };

class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly offset = 17;
  readonly place = { entry: 'data.pkl' };

  constructor(readonly file: string) {
    super(`${file}: broken`);
  }
}

exitWithParent(Number(process.argv[2]));
serveJobs<PoolTask>(async (task, { signal, progress }) => {
  switch (task.do) {
    case 'echo':
      return task.value;
    case 'pid':
      return process.pid;
    case 'wait':
      await new Promise((resolve, reject) => {
        setTimeout(resolve, task.milliseconds ?? 60_000);
        signal.addEventListener('abort', () => reject(new Error('heard of it')));
      });
      return 'waited';
    case 'await-file':
      while (!existsSync(task.file)) await delay(5, undefined, { signal });
      return 'waited';
    case 'await-threads':
      while (threadLimit() !== task.threads) await delay(5);
      return threadLimit();
    case 'hang':
      for (;;);
    case 'throw':
      throw new ParseError('model.pt');
    case 'exit':
      process.stderr.write('first words\nlast words\n', () => process.exit(task.code));
      return new Promise(() => undefined);
    case 'print':
      process.stdout.write(task.text);
      return 'printed';
    case 'exhaust': {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => `${kept.length} ${i}`));
    }
    case 'progress':
      for (let i = 1; i <= task.count; i++) {
        progress({ stage: 'Counting', stageIndex: 0, stageCount: 1, epoch: i, fraction: i / task.count });
      }
      return 'counted';
  }
});
