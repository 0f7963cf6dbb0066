import assert from 'node:assert/strict';
import path from 'node:path';
import { SideThread } from '../../../../server/src/jobs/side/sideThread';
import type { SideTask } from '../../../../server/src/jobs/side/sideTasks';
import { limitThreads, threadLimit } from '../../../../server/src/tensor/threads';
import { rogueSide } from '../../../support/sideThreads';

const unanswered = { kind: 'open' } as SideTask;
const failing: SideTask = { kind: 'fine-tune', options: {} };
const deadly: SideTask = { kind: 'find-trigger' };

describe('SideThread', () => {
  let thread: SideThread | undefined;
  const start = (): SideThread => {
    thread = SideThread.start(rogueSide);
    assert.ok(thread);
    return thread;
  };

  beforeEach(() => limitThreads(3));
  afterEach(() => {
    thread?.end();
    limitThreads(1);
  });

  it('does not start where there is but one thread', () => {
    limitThreads(1);
    assert.equal(SideThread.start(rogueSide), undefined);
  });

  it('has one of the threads as long as it runs', () => {
    const running = start();
    assert.equal(threadLimit(), 2);
    running.end();
    running.end();
    assert.equal(threadLimit(), 3);
  });

  it('says what went wrong with a task, and goes on', async () => {
    const running = start();
    await assert.rejects(running.ask(failing), { name: 'SideThreadError', message: /does not want to/ });
    await assert.rejects(running.ask(failing), { name: 'SideThreadError', message: /does not want to/ });
    assert.equal(threadLimit(), 2);
  });

  it('gives up everything when it dies, and is asked for nothing more', async () => {
    const running = start();
    const answers = [running.ask(unanswered), running.ask(deadly)];
    for (const answer of answers) await assert.rejects(answer, { name: 'SideThreadError', message: /lost: it died/ });
    await assert.rejects(running.ask(failing), { name: 'SideThreadError', message: /ended/ });
    assert.equal(threadLimit(), 3);
  });

  it('does not wait for a thread that never came up', async () => {
    thread = SideThread.start({ ...rogueSide, script: path.join(__dirname, 'no-such-script.js') });
    await assert.rejects(thread?.ask(failing) ?? Promise.resolve(), { name: 'SideThreadError' });
  });

  it('ends at once, whatever it is doing', async () => {
    const running = start();
    const answer = running.ask(unanswered);
    running.end();
    await assert.rejects(answer, { name: 'SideThreadError' });
  });

  it('takes on nothing while other jobs need the processors', async () => {
    const running = start();
    limitThreads(1);
    await assert.rejects(running.ask(failing), { name: 'SideThreadError', message: /one thread/ });
  });
});
