import assert from 'node:assert/strict';
import path from 'node:path';
import { parseArguments, UsageError, withoutOptions, type Options } from '../../../server/src/cli/arguments';
import {
  queueChoice,
  queueOptions,
  requiredQueue,
  runOptions,
  shownQueue,
  type QueueChoice,
} from '../../../server/src/cli/queueOptions';

describe('options of a queue', () => {
  const options: Options = { ...queueOptions, jobs: { type: 'string' }, data: { type: 'string' } };
  const choice = (...argv: string[]): QueueChoice | undefined =>
    queueChoice(parseArguments(argv, options, { min: 0, max: 9, what: '' }));

  it('are none where there is no queue, and refused where they say something about one', () => {
    assert.equal(choice('gin.pt', '--jobs', '2'), undefined);
    const args = parseArguments(['grid.json', '--retry'], options, { min: 0, max: 9, what: '' });
    assert.equal(queueChoice(args, ['retry']), undefined);
    assert.throws(() => requiredQueue({ positionals: [], values: {} }), UsageError);
    for (const [argv, reason] of [
      [['--name', 'nightly'], /--name says something about a queue, and --queue is missing/],
      [['--detach'], /--detach says/],
      [['--shared', 'models'], /--shared says/],
      [['--retry'], /--retry says/],
      [['--queue', 'redis://host', '--jobs', '2'], /--jobs is a matter of the workers/],
      [['--queue', 'redis://host', '--name', '../x y'], /the name of a run is made of up to 100 letters/],
      [['--queue', 'redis://host', '--name', '--'], /--name is followed by --/],
    ] as const) {
      assert.throws(
        () => choice(...argv),
        (error) => error instanceof UsageError && reason.test(error.message),
        argv.join(' '),
      );
    }
  });

  it('do not repeat an address that cannot be read: there may be a password in it', () => {
    for (const url of ['redis//:secret@host', 'http://:secret@host', 'redis://:secret@host/x', 'redis://%:secret@']) {
      assert.throws(
        () => choice('--queue', url),
        (error) => error instanceof UsageError && !error.message.includes('secret'),
        url,
      );
    }
  });

  it('name folders that workers see, as absolute paths', () => {
    const { shared, detach, name } = choice('--queue', 'redis://host', '--shared', 'a', '--shared', '/b/') ?? {};
    assert.deepEqual([shared, detach, name], [[path.resolve('a'), '/b'], false, undefined]);
  });

  it('take the password from the environment, and out of it', () => {
    process.env.GRAPHNAD_QUEUE_PASSWORD = 'p:ss';
    try {
      assert.equal(choice('--queue', 'redis://host')?.address.options.password, 'p:ss');
      assert.equal(process.env.GRAPHNAD_QUEUE_PASSWORD, undefined);
      const again = choice('--queue', 'rediss://reader@host:7000/2')?.address;
      assert.equal(again?.options.password, 'p:ss', 'attach reads its options twice');
      assert.equal(again && shownQueue(again), 'rediss://reader@host:7000/2');
      process.env.GRAPHNAD_QUEUE_PASSWORD = 'other';
      assert.equal(choice('--queue', 'redis://:own@host')?.address.options.password, 'own');
    } finally {
      delete process.env.GRAPHNAD_QUEUE_PASSWORD;
    }
  });

  it('are no part of the command that a run is come back to by', () => {
    const argv = [
      'a.pt',
      '--queue=redis://:secret@host',
      '--data',
      'd',
      '--name',
      'n',
      '--shared',
      's',
      '--',
      '--b.pt',
    ];
    assert.deepEqual(withoutOptions(argv, options, runOptions), ['a.pt', '--data=d', '--shared=s', '--', '--b.pt']);
  });
});
