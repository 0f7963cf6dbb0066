import assert from 'node:assert/strict';
import { readOptions, type Arguments, type Options } from '../../../server/src/cli/readOptions';

const options: Options = {
  seed: { type: 'string' },
  queue: { type: 'string' },
  json: { type: 'boolean' },
  shared: { type: 'string', multiple: true },
};
const read = (...argv: string[]): Arguments => readOptions(argv, options);

describe('options of a command line', () => {
  it('stand among other words', () => {
    const { positionals, values } = read('a.pt', '--seed', '3', '--json', 'b.pt', '--', '--seed');
    assert.deepEqual(positionals, ['a.pt', 'b.pt', '--seed']);
    assert.deepEqual({ ...values }, { seed: '3', json: true });
  });

  it('take one value, and may begin with a dash where that is meant', () => {
    assert.equal(read('--seed=-1').values.seed, '-1');
    assert.equal(read('--seed', '-').values.seed, '-');
    assert.deepEqual(read('--shared', 'a', '--shared', 'b').values.shared, ['a', 'b']);
    assert.equal(read('--json', '--json').values.json, true);
  });

  it('are refused in words that say what to write instead', () => {
    const wrong: [string[], RegExp][] = [
      [['--sede', '1'], /^there is no option --sede; --help lists those that there are$/],
      [['-x'], /^there is no option -x;/],
      [['--toString'], /^there is no option --toString;/],
      [['a', '--seed'], /^--seed is given without a value$/],
      [['--seed', '--json'], /^--seed is followed by --json where its value should be/],
      [['--seed', '-1'], /is written --seed=VALUE$/],
      [['--json=yes'], /^--json takes no value$/],
      [['--seed', '1', '--seed=2'], /^--seed is given twice$/],
    ];
    for (const [argv, message] of wrong) assert.throws(() => read(...argv), { name: 'UsageError', message });
  });

  it('keep a password to themselves where they are wrong', () => {
    assert.throws(
      () => read('--queue', 'redis://:secret@host:1', '--queue', 'redis://:secret@host:2'),
      (error) => error instanceof Error && !error.message.includes('secret'),
    );
  });
});
