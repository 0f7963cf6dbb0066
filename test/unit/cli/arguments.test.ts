import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  architectureOption,
  benignOption,
  choice,
  idFile,
  idList,
  modelOptions,
  modelTask,
  parseArguments,
  requiredText,
  seedOption,
  shareOption,
  threadsOption,
  UsageError,
  type Arguments,
} from '../../../server/src/cli/arguments';
import { defaultThreads } from '../../../server/src/tensor/threads';
import { useTmpFolder } from '../../support/tmpFolder';

const one = { min: 1, max: 1, what: 'the model file' };
const parse = (...argv: string[]): Arguments =>
  parseArguments(argv, { ...modelOptions, share: { type: 'string' }, ids: { type: 'string' } }, one);

describe('command-line arguments', () => {
  const at = useTmpFolder();

  it('are refused with the reason where they are wrong', () => {
    const wrong: [string[], RegExp][] = [
      [[], /the model file is missing/],
      [['a', 'b'], /one argument too many: b/],
      [['a', '--nonsense'], /there is no option --nonsense/],
    ];
    for (const [argv, reason] of wrong) assert.throws(() => parse(...argv), { name: 'UsageError', message: reason });
    assert.throws(() => requiredText(parse('a'), 'data'), /--data is missing/);
  });

  it('name a model that was never poisoned only beside a trigger', () => {
    const given = (values: Arguments['values']): string | undefined => benignOption({ positionals: [], values });
    assert.equal(given({ benign: '/clean.pt', trigger: 't.json' }), '/clean.pt');
    assert.equal(given({ trigger: 't.json' }), undefined);
    assert.throws(() => given({ benign: '/clean.pt' }), {
      name: 'UsageError',
      message: /clean\.pt: .* --trigger is missing/,
    });
  });

  it('hold a seed, 0 by default', () => {
    assert.equal(seedOption(parse('a')), 0);
    assert.equal(seedOption(parse('a', '--seed', '42')), 42);
    for (const seed of ['x', '1.5', '4294967296']) {
      assert.throws(() => seedOption(parse('a', `--seed=${seed}`)), UsageError);
    }
  });

  it('hold shares above 0 and up to 1', () => {
    assert.equal(shareOption(parse('a', '--share', '0.03'), 'share'), 0.03);
    for (const share of ['0', '1.1', 'NaN', 'three']) {
      assert.throws(() => shareOption(parse('a', '--share', share), 'share'), UsageError);
    }
  });

  it('hold graph ids, in line or in a file', async () => {
    assert.deepEqual(idList(parse('a', '--ids', '0,1,5'), 'ids'), [0, 1, 5]);
    assert.throws(() => idList(parse('a', '--ids', '0,,5'), 'ids'), UsageError);
    writeFileSync(at('ids.json'), '[3, 1]');
    assert.deepEqual(await idFile(parse('a', '--ids', at('ids.json')), 'ids'), [3, 1]);
    for (const content of ['{}', '[-1]', '[0.5]', 'no JSON']) {
      writeFileSync(at('ids.json'), content);
      await assert.rejects(idFile(parse('a', '--ids', at('ids.json')), 'ids'), UsageError);
    }
  });

  it('hold one of a few words', () => {
    assert.equal(choice(parse('a', '--readout', 'mean'), 'readout', ['sum', 'mean']), 'mean');
    assert.throws(
      () => choice(parse('a', '--readout', 'max'), 'readout', ['sum', 'mean']),
      /--readout must be one of sum, mean, not "max"/,
    );
  });

  it('hold what is known of the architecture, the readout on top', async () => {
    assert.equal(await architectureOption(parse('a')), undefined);
    writeFileSync(at('arch.json'), '{"readout": "sum", "hidden": 64}');
    assert.deepEqual(await architectureOption(parse('a', '--architecture', at('arch.json'), '--readout', 'mean')), {
      readout: 'mean',
      hidden: 64,
    });
    assert.deepEqual(await architectureOption(parse('a', '--architecture', ' {"hidden": 8}')), { hidden: 8 });
    const wrong: [string, RegExp][] = [
      ['{"hidden"', /^--architecture: the text given: line 1, column 10: Expected a colon$/],
      ['{"residual": "yes"}', /line 1, column 14: Expected true or false, found "yes"/],
      ['{"hiden": 8}', /"hiden" is not known here; there are kind, /],
    ];
    for (const [given, message] of wrong) {
      const refused = { name: 'UsageError', message };
      await assert.rejects(architectureOption(parse('a', '--architecture', given)), refused);
    }
    writeFileSync(at('arch.json'), '\n[]');
    await assert.rejects(
      architectureOption(parse('a', '--architecture', at('arch.json'))),
      /arch\.json: line 2, column 1: Expected an object/,
    );
  });

  it('name a number of threads, or leave it to us', () => {
    assert.equal(threadsOption(parse('a', '--threads', '3')), 3);
    assert.equal(threadsOption(parse('a')), defaultThreads());
    assert.equal(threadsOption(parse('a', '--threads', '0')), defaultThreads());
    for (const wrong of ['-1', '17', '1.5', 'many', '']) {
      assert.throws(() => threadsOption(parse('a', `--threads=${wrong}`)), UsageError, wrong);
    }
  });

  it('make a job', async () => {
    const task = await modelTask(parse('a', '--features', 'labels-dense', '--backend', 'cpu', '--seed', '3'));
    assert.deepEqual([task.features, task.backend, task.seed], ['labels-dense', 'cpu', 3]);
    await assert.rejects(modelTask(parse('a', '--features', 'colours')), UsageError);
  });
});
