import type { ArchitectureSummary } from '../../../../protocol/model';
import type { LinearVariables, ParameterSpec, TensorSpec, TensorValues } from '../parameters';
import { convolutionOf } from './convolutions/convolutions';
import type { PlannedConvolution } from './convolutions/plannedConvolution';
import type { ModelPlan, Step } from './modelPlan';
import { keptOf, linearOf } from './planParameters';
import { stepSpec, type StepValue } from './steps';

/** How a planned model's parameters are made and what for. */
export interface PlannedSpecs {
  readonly encoder: readonly ParameterSpec<StepValue>[];
  readonly layers: readonly LayerSpecs[];
  readonly joint: readonly ParameterSpec<StepValue>[];
  readonly head: readonly ParameterSpec<StepValue>[];
  readonly outputs: readonly ParameterSpec<LinearVariables>[];
  readonly constants: readonly ParameterSpec<TensorValues>[];
}

interface LayerSpecs {
  readonly convolution: PlannedConvolution<unknown>;
  readonly steps: readonly ParameterSpec<StepValue>[];
}

/** @throws RangeError for a plan that contradicts itself */
export function plannedSpecs(architecture: ArchitectureSummary, plan: ModelPlan): PlannedSpecs {
  const { eps, jumping, secondReadout } = architecture;
  const { encoder, layers, joint = [], head, outputs, constants = [] } = plan;
  if (outputs.length > 1 && (jumping !== 'cat' || joint.length + head.length > 0)) {
    throw new RangeError('several output layers read the layers side by side, with nothing before them');
  }
  const node = (step: Step): ParameterSpec<StepValue> => stepSpec(step);
  if (secondReadout !== undefined && jumping === 'cat' && joint.length === 0) {
    throw new RangeError('two readouts do not read layers side by side');
  }
  return {
    encoder: encoder.map(node),
    layers: layers.map(({ convolution: own, steps }, i) => {
      const convolution = convolutionOf(own, eps?.[i] ?? 0);
      return { convolution, steps: [...(convolution.steps ?? []), ...steps].map(node) };
    }),
    joint: joint.map(node),
    head: head.map((step) => stepSpec(step, true)),
    outputs: outputs.map(linearOf),
    constants: constants.map(keptOf),
  };
}

/**
 * All tensors of a planned model, buffers included, in the order of computation.
 *
 * @throws RangeError for a plan that contradicts itself
 */
export function plannedTensors(architecture: ArchitectureSummary, plan: ModelPlan): TensorSpec[] {
  const { encoder, layers, joint, head, outputs, constants } = plannedSpecs(architecture, plan);
  const ofLayers = layers.flatMap(({ convolution, steps }) => [convolution.spec, ...steps]);
  const all = [...encoder, ...ofLayers, ...joint, ...head, ...outputs, ...constants] as ParameterSpec<unknown>[];
  return all.flatMap(({ tensors }) => tensors);
}
