import assert from 'node:assert/strict';
import { memoryIsFull } from '../../../../server/src/jobs/remote/trouble';
import { untilTaken } from '../../../../server/src/jobs/remote/untilTaken';

describe('untilTaken', () => {
  const never = new AbortController().signal;
  const refusal = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });
  const full = refusal("OOM command not allowed when used memory > 'maxmemory'.");

  it('asks again while the server takes nothing, and tells when it does', async () => {
    const told: string[] = [];
    let asked = 0;
    const work = (): Promise<string> => (++asked < 3 ? Promise.reject(full) : Promise.resolve('taken'));
    const taken = untilTaken(work, { signal: never, pause: 1, onTrouble: (trouble) => told.push(trouble) });
    assert.equal(await taken, 'taken');
    assert.deepEqual(told, [memoryIsFull, memoryIsFull, '']);
  });

  it('knows what older servers say of a script, and of a transaction', async () => {
    const script = refusal(
      'ERR Error running script (call to f_0a): @user_script:2: @user_script: 2: -OOM command not allowed',
    );
    const transaction = Object.assign(refusal('EXECABORT Transaction discarded'), { previousErrors: [full] });
    for (const error of [script, transaction]) {
      let asked = 0;
      await untilTaken(() => (++asked < 2 ? Promise.reject(error) : Promise.resolve()), { signal: never, pause: 1 });
      assert.equal(asked, 2);
    }
  });

  it('does not wait for what will not pass, nor where it is not worth it', async () => {
    const wrong = refusal('WRONGTYPE Operation against a key');
    for (const error of [wrong, new Error('OOM in words of our own')]) {
      await assert.rejects(
        untilTaken(() => Promise.reject(error), { signal: never }),
        error,
      );
    }
    await assert.rejects(
      untilTaken(() => Promise.reject(full), { signal: never, isPatient: () => false }),
      full,
    );
  });

  it('waits no longer than somebody wants it', async () => {
    const controller = new AbortController();
    const waiting = untilTaken(() => Promise.reject(full), { signal: controller.signal });
    const reason = new Error('enough');
    setImmediate(() => controller.abort(reason));
    await assert.rejects(waiting, reason);
  });
});
