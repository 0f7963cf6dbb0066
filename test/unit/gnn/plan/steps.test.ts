import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../../../../server/src/gnn/plan/modelPlan';
import { runSteps, stepSpec, type StepsRun, type StepValue } from '../../../../server/src/gnn/plan/steps';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { SparseMatrix } from '../../../../server/src/tensor/sparseMatrix';
import { batchNormStep, linearTensors } from '../../../support/usualPlans';
import { assertClose } from '../../defense/assertClose';

const activation: Step = { step: 'activation' };
const linear: Step = { step: 'linear', ...linearTensors('lin', 3, 2) };
const norm = batchNormStep('bn', 2);
/** The second row of the result adds up both rows of x. */
const propagation = new SparseMatrix([2, 2], Int32Array.of(0, 1, 3), Int32Array.of(0, 0, 1), Float32Array.of(1, 1, 1));

interface Made {
  readonly values: readonly StepValue[];
  readonly statistics: () => number[];
  dispose(): void;
}

/** Steps with the same random values whenever they are made. */
function made(steps: readonly Step[]): Made {
  const rng = new Rng(4, 'steps');
  const specs = steps.map((step) => stepSpec(step));
  const values = specs.map((spec) =>
    spec.make(
      spec.tensors.map(({ name, shape }) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const least = name.endsWith('running_var') ? 0.5 : -1;
        return { shape, values: Float32Array.from({ length }, () => rng.between(least, 1)) };
      }),
    ),
  );
  return {
    values,
    statistics: () =>
      specs.flatMap((spec, i) =>
        (spec.norms?.(values[i]) ?? []).flatMap(({ running }) => [...running.mean, ...running.variance]),
      ),
    dispose: () => specs.forEach((spec, i) => tf.dispose(spec.variables(values[i]))),
  };
}

function runOptions(training: boolean, more: Partial<StepsRun> = {}): StepsRun {
  return {
    ...{ training, activation: 'relu', multiplicity: Float32Array.of(1, 3) },
    input: () => tf.tensor2d([1, 2, 3, 4], [2, 2]),
    graphs: () => {
      throw new assert.AssertionError({ message: 'nothing here knows graphs' });
    },
    ...more,
  };
}

describe('runSteps', () => {
  before(() => selectBackend('graphnad'));

  for (const training of [false, true]) {
    for (const steps of [
      [linear, norm, activation],
      [linear, activation],
      [linear, activation, norm, activation],
      [norm, activation],
      [linear, norm, activation, { step: 'residual' } as const],
    ]) {
      const names = steps.map(({ step }) => step).join(', ');
      it(`gives the same fused and one by one: ${names}, ${training ? 'in training' : 'frozen'}`, () => {
        const [together, apart] = [made(steps), made(steps)];
        const width = steps[0] === linear ? 3 : 2;
        tf.tidy(() => {
          const x = tf.tensor2d(Array.from({ length: 2 * width }, (_, i) => Math.sin(i)), [2, width]); // prettier-ignore
          const run = runOptions(training);
          const expected = apart.values.reduce(
            (rows, step, i) => runSteps(i === 0 ? { x, propagation } : { x: rows }, [step], run),
            x,
          );
          assertClose(runSteps({ x, propagation }, together.values, run).dataSync(), expected.dataSync(), names);
          assertClose(together.statistics(), apart.statistics(), 'statistics');
        });
        together.dispose();
        apart.dispose();
      });
    }
  }

  it('gives A x where there are no steps', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      assert.deepEqual([...runSteps({ x }, [], runOptions(false)).dataSync()], [1, 2, 3, 4]);
      assert.deepEqual([...runSteps({ x, propagation }, [], runOptions(false)).dataSync()], [1, 2, 4, 6]);
    });
  });

  it("takes a step's own activation before that of the model", () => {
    tf.tidy(() => {
      const x = tf.tensor2d([-1, 1], [1, 2]);
      const { values } = made([{ step: 'activation', kind: 'tanh' }]);
      assertClose(runSteps({ x }, values, runOptions(false)).dataSync(), [Math.tanh(-1), Math.tanh(1)], 'tanh');
      const { values: own } = made([activation]);
      const elu = runOptions(false, { activation: 'elu' });
      assertClose(runSteps({ x }, own, elu).dataSync(), [Math.expm1(-1), 1], 'elu');
    });
  });
});
