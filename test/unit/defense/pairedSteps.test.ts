import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { pairedSteps, pairedTerms } from '../../../server/src/defense/pairedSteps';
import { divergenceRows } from '../../../server/src/defense/softLabels';
import { TriggerSource } from '../../../server/src/defense/triggeredCopies';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { assertClose } from './assertClose';

const layout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 } as const;
const graphs = Array.from({ length: 5 }, (_, i) =>
  graphOf(10 + i, {
    edges: Array.from({ length: 9 + i }, (_, v) => [v, v + 1] as const),
    labels: Array.from({ length: 10 + i }, (_, v) => v % 3),
  }),
);
/** Four graphs of class 0, one of class 1: the rare class weighs 5 / 2 / 1. */
const targets = Float32Array.from([0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.05, 0.95]);

const steps = (): ReturnType<typeof pairedSteps> =>
  pairedSteps(
    graphs,
    targets,
    (drawn: readonly Graph[]) => new Float32Array(2 * drawn.length),
    {
      ...{ candidates: 2, worstShare: 0.5, batch: 3, balanceCap: 4, layout },
      triggers: new TriggerSource(graphs, layout, {}),
    },
    new Rng(3),
  );

describe('pairedSteps', () => {
  before(() => selectBackend('cpu'));

  it('asks for the same answer on a graph and on its copy, every graph once', () => {
    const drawn = steps();
    assert.deepEqual(drawn.flatMap(({ members }) => [...members]).sort(), [0, 1, 2, 3, 4]);
    for (const { members, targets: wanted, balance } of drawn) {
      const expected = [...members].flatMap((g) => [...targets.subarray(2 * g, 2 * g + 2)]);
      assert.deepEqual([...wanted], [...expected, ...expected]);
      const weights = [...members].map((g) => (g === 4 ? 2.5 : 1));
      assert.deepEqual([...balance], [...weights, ...weights]);
    }
  });

  it('has a mean over graphs and a balanced mean over copies for its losses', () => {
    const [step] = steps();
    const half = step.members.length;
    const logits = Float32Array.from({ length: 4 * half }, (_, i) => Math.sin(i));
    const divergences = divergenceRows(logits, step.targets, 2);
    const clean = divergences.subarray(0, half).reduce((sum, value) => sum + value, 0) / half;
    const triggered = divergences.reduce((sum, value, i) => sum + (i < half ? 0 : value * step.balance[i]), 0) / half;
    tf.tidy(() => {
      const terms = pairedTerms(tf.tensor2d(logits, [2 * half, 2]), step, { clean: 1, triggered: 4 });
      assert.deepEqual(
        terms.map(({ name, weight }) => [name, weight]),
        [
          ['clean', 1],
          ['triggered', 4],
        ],
      );
      assertClose(
        terms.map(({ value }) => value.dataSync()[0]),
        [clean, triggered],
        'losses',
      );
    });
  });
});
