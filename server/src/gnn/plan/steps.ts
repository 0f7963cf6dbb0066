import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../../../protocol/model';
import { batchNormRelu, type TrainingOutput } from '../../tensor/batchNormRelu';
import { linear } from '../../tensor/linear';
import { batchNormEpsilon, linearRelu } from '../../tensor/linearRelu';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { sparseProduct } from '../../tensor/sparseProduct';
import { trainingLinearRelu } from '../../tensor/trainingLinearRelu';
import { tracked } from '../layerRun';
import type { LinearVariables, NormVariables, ParameterSpec } from '../parameters';
import { activate } from './activate';
import type { NormStep, Step } from './modelPlan';
import { frozenBatchNorm, normalise, trainingBatchNorm, type GraphRows } from './normalise';
import { linearOf, mapped, nothing, normOf, optional, type NormValue } from './planParameters';

/** A step with its variables. */
export type StepValue =
  | { readonly step: 'linear'; readonly linear: LinearVariables }
  | { readonly step: 'norm'; readonly plan: NormStep; readonly norm: NormValue }
  | { readonly step: 'activation'; readonly activation: Activation | undefined }
  | { readonly step: 'residual'; readonly linear: LinearVariables | undefined };

type ValueOf<Name extends StepValue['step']> = Extract<StepValue, { readonly step: Name }>;

/**
 * @param ofGraphs whether the step's rows are graphs, as behind the readout
 * @throws RangeError for a step that cannot stand there
 */
export function stepSpec(step: Step, ofGraphs = false): ParameterSpec<StepValue> {
  switch (step.step) {
    case 'linear':
      return mapped<LinearVariables, ValueOf<'linear'>>(
        linearOf(step),
        (value) => ({ step: 'linear', linear: value }),
        (value) => value.linear,
      );
    case 'norm':
      if (ofGraphs && (step.kind === 'graph' || step.kind === 'graph-layer')) {
        throw new RangeError('a normalisation over the nodes of a graph cannot stand behind the readout');
      }
      return mapped<NormValue, ValueOf<'norm'>>(
        normOf(step, ofGraphs),
        (norm) => ({ step: 'norm', plan: step, norm }),
        ({ norm }) => norm,
      );
    case 'activation':
      return mapped<undefined, ValueOf<'activation'>>(
        nothing,
        () => ({ step: 'activation', activation: step.kind }),
        () => undefined,
      );
    case 'residual':
      return mapped<LinearVariables | undefined, ValueOf<'residual'>>(
        optional(step.linear, linearOf),
        (value) => ({ step: 'residual', linear: value }),
        (value) => value.linear,
      );
  }
}

/** Rows that steps begin with. */
export interface Rows {
  readonly x: tf.Tensor2D;
  /** A, `[rows, rows of x]`: the steps take A x, the result of message passing, in place of x. */
  readonly propagation?: SparseMatrix;
  /** Whether x receives a gradient. Default true. */
  readonly inputGradient?: boolean;
}

/** What steps need to know beside their rows. */
export interface StepsRun {
  readonly training: boolean;
  /** Of steps that name none. */
  readonly activation: Activation;
  /** How many nodes or graphs each row stands for, `[rows]`. */
  readonly multiplicity: Float32Array;
  /** What residual steps add, `[rows, inputs]`. */
  input(): tf.Tensor2D;
  graphs(): GraphRows;
}

/**
 * Runs steps one behind the other, within a tidy. What the fused operations can do they do: a linear layer, the BatchNorm
 * and the ReLU behind it, or the latter two.
 *
 * @returns `[rows, width]`
 */
export function runSteps(rows: Rows, steps: readonly StepValue[], run: StepsRun): tf.Tensor2D {
  let current = rows;
  for (let next = 0; next < steps.length;) {
    const { x, taken } = fused(current, steps.slice(next, next + 3), run) ?? {
      x: single(current, steps[next], run),
      taken: 1,
    };
    current = { x };
    next += taken;
  }
  return received(current);
}

interface Fused {
  readonly x: tf.Tensor2D;
  /** Number of steps. */
  readonly taken: number;
}

function fused(rows: Rows, [first, second, third]: readonly StepValue[], run: StepsRun): Fused | undefined {
  const { propagation, inputGradient } = rows;
  const { training, multiplicity } = run;
  const own = fusableNorm(first);
  if (own !== undefined && training && isRelu(second, run)) {
    return { x: kept(batchNormRelu(received(rows), own, { multiplicity }), own, run), taken: 2 };
  }
  if (first.step !== 'linear') return undefined;
  const layer = first.linear;
  if (isRelu(second, run)) return { x: linearRelu(rows.x, layer, { propagation, inputGradient }), taken: 2 };
  const norm = fusableNorm(second);
  if (norm === undefined || !isRelu(third, run)) return undefined;
  const x = training
    ? kept(trainingLinearRelu(rows.x, layer, norm, { propagation, multiplicity, inputGradient }), norm, run)
    : linearRelu(rows.x, { ...layer, norm }, { propagation, inputGradient });
  return { x, taken: 3 };
}

function single(rows: Rows, value: StepValue, run: StepsRun): tf.Tensor2D {
  const x = received(rows);
  switch (value.step) {
    case 'linear':
      return linear(x, value.linear);
    case 'norm': {
      const { batch } = value.norm;
      if (batch === undefined) return normalise(x, value.plan, value.norm, () => run.graphs());
      if (!run.training) return frozenBatchNorm(x, batch);
      return kept(trainingBatchNorm(x, batch, run.multiplicity), batch, run);
    }
    case 'activation':
      return activate(x, value.activation ?? run.activation);
    case 'residual':
      return tf.add(x, value.linear === undefined ? run.input() : linear(run.input(), value.linear));
  }
}

/** A x. */
function received({ x, propagation }: Rows): tf.Tensor2D {
  return propagation === undefined ? x : sparseProduct(propagation, x);
}

/** A BatchNorm as the fused operations compute it. */
function fusableNorm(value: StepValue | undefined): NormVariables | undefined {
  if (value?.step !== 'norm') return undefined;
  const { batch } = value.norm;
  return (batch?.epsilon ?? batchNormEpsilon) === batchNormEpsilon ? batch : undefined;
}

function isRelu(value: StepValue | undefined, { activation }: StepsRun): boolean {
  return value?.step === 'activation' && (value.activation ?? activation) === 'relu';
}

function kept(output: TrainingOutput, norm: NormVariables, { multiplicity }: StepsRun): tf.Tensor2D {
  return tracked(
    output,
    norm,
    multiplicity.reduce((sum, times) => sum + times, 0),
  );
}
