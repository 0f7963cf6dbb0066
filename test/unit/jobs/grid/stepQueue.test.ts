import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Step } from '../../../../server/src/jobs/grid/plan';
import { inOrder, runSteps, type StepOutcome } from '../../../../server/src/jobs/grid/stepQueue';
import { WorkerCrashedError } from '../../../../server/src/jobs/workerProcess';

describe('runSteps', () => {
  // What a step does is the business of `run`; here a key is enough.
  const step = (key: string, needs: Step[] = []): Step => ({ key, needs, task: undefined as unknown as Step['task'] });
  const train = step('train');
  const other = step('other');
  const measure = step('measure', [train, other]);
  const defend = step('defend', [measure, train]);
  const benign = step('benign', [other]);

  async function run(
    wanted: Step[],
    does: (step: Step, signal: AbortSignal) => Promise<unknown>,
    { size = 2, done = new Set<Step>(), signal = new AbortController().signal } = {},
  ): Promise<{ log: string[]; outcomes: Map<string, StepOutcome> }> {
    const log: string[] = [];
    const outcomes = new Map<string, StepOutcome>();
    await runSteps({
      ...{ steps: inOrder(wanted, done), done, size, signal },
      run: async (one, own) => {
        log.push(`+${one.key}`);
        const result = await does(one, own);
        log.push(`-${one.key}`);
        return result;
      },
      onEnd: async (one, outcome) => {
        outcomes.set(one.key, outcome);
        await Promise.resolve();
      },
    });
    return { log, outcomes };
  }

  it('does each step once, after those it needs, and hands on what it gave', async () => {
    const { log, outcomes } = await run([defend, benign], async ({ key }) => {
      await delay(1);
      return key.toUpperCase();
    });
    assert.deepEqual(log.filter((entry) => entry.startsWith('+')).sort(), ['+benign', '+defend', '+measure', '+other', '+train']); // prettier-ignore
    const at = (entry: string): number => log.indexOf(entry);
    assert.ok(at('+measure') > at('-train') && at('+measure') > at('-other'));
    assert.ok(at('+defend') > at('-measure'));
    assert.deepEqual(outcomes.get('defend'), { kind: 'done', result: 'DEFEND' });
  });

  it('runs no more than so many at once', async () => {
    let now = 0;
    let most = 0;
    const many = Array.from({ length: 9 }, (_, i) => step(String(i)));
    const does = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await delay(1);
      now--;
    };
    await run(many, does, { size: 3 });
    assert.equal(most, 3);
  });

  it('leaves out what is done, with what only that needs', async () => {
    const { log } = await run([defend], () => Promise.resolve(), { done: new Set([measure]) });
    assert.deepEqual(log, ['+train', '-train', '+defend', '-defend']);
  });

  it('fails what needs a failed step, naming that one, and does the rest', async () => {
    const { log, outcomes } = await run([defend, benign], ({ key }) =>
      key === 'train' ? Promise.reject(new RangeError('no')) : Promise.resolve(),
    );
    for (const key of ['train', 'measure', 'defend']) {
      const outcome = outcomes.get(key);
      assert.ok(outcome?.kind === 'failed');
      assert.deepEqual([outcome.step, outcome.error.message], [train, 'no']);
    }
    assert.equal(outcomes.get('benign')?.kind, 'done');
    assert.ok(!log.includes('+defend'));
  });

  it('stops when aborted: tells those that run, starts none, and counts none as failed', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const running = runSteps({
      ...{ steps: [train, other, step('late')], done: new Set<Step>(), size: 2, signal: controller.signal },
      run: (one, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            log.push(`abort ${one.key}`);
            reject(new Error('stopped'));
          });
          if (one === other) controller.abort(new Error('cancelled'));
        }),
      onEnd: (one) => {
        log.push(`end ${one.key}`);
        return Promise.resolve();
      },
    });
    await assert.rejects(running, /cancelled/);
    assert.deepEqual(log, ['abort train', 'abort other']);
  });

  it('takes a worker that Ctrl-C ended for the end of the run, and one that died for a failure', async () => {
    const died = (signal: NodeJS.Signals): Promise<never> =>
      Promise.reject(new WorkerCrashedError(null, signal, [], undefined));
    await assert.rejects(
      run([train], () => died('SIGINT')),
      /cancelled/,
    );
    const { outcomes } = await run([train], () => died('SIGKILL'));
    assert.equal(outcomes.get('train')?.kind, 'failed');
  });

  it('ends with what onEnd throws', async () => {
    const running = runSteps({
      ...{ steps: [train, other], done: new Set<Step>(), size: 1, signal: new AbortController().signal },
      run: () => Promise.resolve(),
      onEnd: () => Promise.reject(new Error('disk full')),
    });
    await assert.rejects(running, /disk full/);
  });
});
