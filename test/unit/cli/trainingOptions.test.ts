import assert from 'node:assert/strict';
import path from 'node:path';
import { parseArguments, UsageError, type Arguments } from '../../../server/src/cli/arguments';
import {
  countOption,
  numberOption,
  trainingHelp,
  trainingOptions,
  trainRun,
} from '../../../server/src/cli/trainingOptions';

const parse = (...argv: string[]): Arguments =>
  parseArguments(['--data', 'D', '--out', 'M.pt', ...argv], trainingOptions, { min: 0, max: 0, what: '' });

describe('options of training', () => {
  it('have defaults', async () => {
    const run = await trainRun(parse());
    assert.deepEqual([run.data, run.output, run.seed], [path.resolve('D'), path.resolve('M.pt'), 0]);
    assert.equal(run.architecture.batchNorm, true);
    const training = { epochs: 40, learningRate: 0.005, batchSize: 32, weightDecay: 0, balanced: false };
    assert.deepEqual(run.training, training);
  });

  it('are read', async () => {
    const architecture = ['--arch', 'gatv2', '--layers', '2', '--hidden', '32', '--heads', '8', '--readout', 'max'];
    const training = ['--epochs', '7', '--lr', '1e-3', '--batch-size', '16', '--weight-decay', '5e-4', '--balanced'];
    const run = await trainRun(parse(...architecture, '--no-batchnorm', ...training, '--features', 'degree'));
    const chosen = { kind: 'gatv2', layers: 2, hidden: 32, heads: 8, readout: 'max', batchNorm: false };
    assert.deepEqual(run.architecture, chosen);
    const settings = { epochs: 7, learningRate: 1e-3, batchSize: 16, weightDecay: 5e-4, balanced: true };
    assert.deepEqual([run.training, run.features], [settings, 'degree']);
  });

  it('are refused with the reason where they are wrong', async () => {
    const wrong: [string[], RegExp][] = [
      [['--arch', 'mlp'], /--arch must be one of gin, gcn, gat, gatv2, sage/],
      [['--layers', '6'], /--layers must be a whole number from 1 to 5/],
      [['--epochs', '0'], /--epochs/],
      [['--lr', 'fast'], /--lr must be a number/],
      [['--weight-decay', '-1'], /--weight-decay is followed by -1/],
      [['--batch-size', '1.5'], /--batch-size/],
    ];
    for (const [argv, reason] of wrong) {
      await assert.rejects(
        async () => trainRun(parse(...argv)),
        (error) => error instanceof UsageError && reason.test(error.message),
      );
    }
    assert.throws(() => parse('model.pt'), /one argument too many: model\.pt/);
  });

  it('of counts and numbers are bounded', () => {
    const args = { positionals: [], values: { count: '3', number: '2.5', empty: '' } };
    assert.equal(countOption(args, 'count', 5, 3), 3);
    assert.throws(() => countOption(args, 'count', 2), UsageError);
    assert.throws(() => countOption(args, 'count', 9, 4), UsageError);
    assert.equal(countOption(args, 'none', 2), undefined);
    assert.equal(numberOption(args, 'number'), 2.5);
    assert.equal(numberOption(args, 'none'), undefined);
    assert.throws(() => numberOption(args, 'empty'), UsageError);
  });

  it('are all told of', () => {
    for (const name of Object.keys(trainingOptions)) {
      if (name !== 'data') assert.match(trainingHelp, new RegExp(`^  --${name}\\b`, 'm'));
    }
  });
});
