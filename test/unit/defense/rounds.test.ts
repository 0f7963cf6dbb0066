import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { PurifyContext } from '../../../server/src/defense/context';
import type { LossTerm } from '../../../server/src/defense/descent';
import { FlipProbe } from '../../../server/src/defense/flipProbe';
import { resolveOptions } from '../../../server/src/defense/options';
import { trainCopyInRounds, type RoundTraining } from '../../../server/src/defense/rounds';
import { Run, type PurifyProgress } from '../../../server/src/defense/run';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { batches } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture } from '../../support/attacks';

describe('training in rounds', () => {
  const { train: clean, layout } = attackData(12);
  const options = { ...resolveOptions({}, clean.length), poolSize: 2, batch: 1 };
  let suspect: GraphModel;
  let reports: PurifyProgress[];
  let controller: AbortController;
  before(async () => {
    await selectBackend('graphnad');
    suspect = GraphModel.random(smallArchitecture({ train: clean, test: clean, layout }), new Rng(1));
  });
  after(() => suspect.dispose());
  beforeEach(() => {
    reports = [];
    controller = new AbortController();
  });

  const context = (): PurifyContext => ({
    ...{ suspect, clean, cleanBatches: [...batches(clean, layout)], layout, options },
    run: new Run(controller.signal, (report) => reports.push(report)),
  });
  const shape = { stage: 'student', rounds: 4, epochs: 2, learningRate: 0.01 } as const;

  /** Pulls the bias of the output layer toward a number. */
  const pull = (model: GraphModel, toward: number): LossTerm[] => {
    const value = tf.mean<tf.Scalar>(tf.square(tf.sub(model.parameters.output.bias, toward)));
    return [{ name: 'pull', weight: 1, value }];
  };
  const biasOf = (model: GraphModel): number => model.parameters.output.bias.dataSync()[0];

  it('prepares each round, takes epochs over it, counts steps, and gives back what they hold', async () => {
    const log: string[] = [];
    let round = 0;
    const copy = await trainCopyInRounds<string>(context(), (model) => ({
      ...{ ...shape, rounds: 2, averagedShare: 0 },
      prepare: () => {
        round++;
        return [`${round}a`, `${round}b`];
      },
      terms: (step, count) => {
        log.push(`${step} ${count}`);
        return pull(model, 1);
      },
      dispose: (step) => log.push(`no ${step}`),
    }));
    assert.deepEqual(log, [
      ...['1a 0', '1b 1', '1a 2', '1b 3', 'no 1a', 'no 1b'],
      ...['2a 4', '2b 5', '2a 6', '2b 7', 'no 2a', 'no 2b'],
    ]);
    assert.deepEqual(
      reports.map(({ stage, epoch, epochs, losses }) => [stage, epoch, epochs, Object.keys(losses)]),
      [1, 2, 3, 4].map((epoch) => ['student', epoch, 4, ['pull']]),
    );
    assert.ok(reports[3].losses.pull < reports[0].losses.pull);
    assert.ok(Math.abs(biasOf(copy) - 1) < Math.abs(biasOf(suspect) - 1));
    copy.dispose();
  });

  it('ends with the mean weights of the last rounds', async () => {
    const biases: number[] = [];
    const run = (averagedShare: number): Promise<GraphModel> =>
      trainCopyInRounds<number>(context(), (model) => ({
        ...{ ...shape, averagedShare },
        prepare: () => {
          biases.push(biasOf(model));
          return [0, 1];
        },
        terms: () => pull(model, 1),
      }));
    const last = await run(0);
    // Each round but the first begins with what the one before it came to.
    const afterRounds = [...biases.slice(1), biasOf(last)];
    const averaged = await run(0.5);
    const expected = (afterRounds[2] + afterRounds[3]) / 2;
    assert.ok(Math.abs(biasOf(averaged) - expected) < 1e-6, `${biasOf(averaged)} against ${expected}`);
    assert.ok(Math.abs(afterRounds[3] - afterRounds[2]) > 1e-4, 'the rounds differ');
    [last, averaged].forEach((model) => model.dispose());
  });

  it('measures attack success at the first epoch and where a round ends, without a change to what is trained', async () => {
    const training = (model: GraphModel): RoundTraining<number> => ({
      ...{ ...shape, averagedShare: 0 },
      prepare: () => [0, 1],
      terms: () => pull(model, 1),
    });
    const plain = await trainCopyInRounds(context(), training);
    assert.ok(reports.every(({ asr }) => asr === undefined));
    reports = [];
    const probe = new FlipProbe({ suspect, clean, layout }, new Rng(2));
    const watched = await trainCopyInRounds({ ...context(), flipProbe: () => probe }, training);
    assert.deepEqual(watched.stateDict(), plain.stateDict());
    const measured = reports.filter(({ asr }) => asr !== undefined).map(({ epoch }) => epoch);
    assert.ok(measured.every((epoch) => epoch === 1 || epoch % 2 === 0) && measured.length > 0, measured.join());
    [plain, watched].forEach((model) => model.dispose());
  });

  it('leaves nothing behind where it is aborted, or fails', async () => {
    const tensors = tf.memory().numTensors;
    const original = suspect.stateDict();
    const given: number[] = [];
    const training = (terms: RoundTraining<number>['terms']): RoundTraining<number> => ({
      ...{ ...shape, averagedShare: 0, terms },
      prepare: () => [0, 1],
      dispose: (step) => given.push(step),
    });
    const aborted = trainCopyInRounds(context(), (model) =>
      training(() => {
        controller.abort();
        return pull(model, 1);
      }),
    );
    await assert.rejects(aborted, { name: 'AbortError' });
    assert.deepEqual(given, [0, 1]);
    controller = new AbortController();
    const ruined = trainCopyInRounds(context(), (model) => training(() => pull(model, Infinity)));
    await assert.rejects(ruined, { name: 'TrainingDivergedError' });
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(suspect.stateDict(), original);
  });
});
