import assert from 'node:assert/strict';
import type { CurvePoint, JobProgress } from '../../../../protocol/reports';
import type { SentProgress } from '../../../../server/src/jobs/remote/message';
import { received, sender } from '../../../../server/src/jobs/remote/sentProgress';

describe('progress on its way through a queue', () => {
  const point = (epoch: number): CurvePoint => ({ stage: 'teacher', epoch, losses: { total: 1 / epoch } });
  const at = (stage: string, epoch?: number): JobProgress => ({
    ...{ stage, stageIndex: 0, stageCount: 2, fraction: 0 },
    ...(epoch === undefined ? {} : { epoch, curve: point(epoch) }),
  });
  const epochs = (some: readonly JobProgress[]): (number | undefined)[] => some.map(({ curve }) => curve?.epoch);

  it('brings all points of curves by few messages', () => {
    const messages: SentProgress[] = [];
    const send = sender((message) => messages.push(message), 1e6);
    for (const epoch of [1, 2, 3]) send(at('Teacher', epoch));
    send(at('Student'));
    assert.equal(messages.length, 2);
    const came = messages.flatMap((message) => received(JSON.parse(JSON.stringify(message))));
    assert.deepEqual(epochs(came), [1, 2, 3]);
    assert.deepEqual(
      came.map(({ stage }) => stage),
      ['Teacher', 'Student', 'Student'],
    );
  });

  it('is told once where it has no points', () => {
    assert.deepEqual(epochs(received({ ...at('Scan') })), [undefined]);
  });

  it('is none where it is something else, and shown as text that steers nothing', () => {
    for (const value of [null, 'half', {}, { ...at('Scan'), fraction: 'half' }, { ...at('Scan'), points: [{}] }]) {
      assert.deepEqual(received(value), [], JSON.stringify(value));
    }
    const [shown] = received({
      ...at('\u001b[2J'.repeat(100)),
      stages: Array<string>(1000).fill('a'),
      waits: 'no-worker',
    });
    assert.ok(!shown.stage.includes('\u001b') && shown.stage.length <= 100);
    assert.equal(shown.stages?.length, 20);
    assert.equal(shown.waits, undefined);
  });
});
