import type { ArchitectureSummary } from '../../../../protocol/model';
import type { LinearVariables, ParameterSpec, TensorSpec, TensorValues } from '../parameters';
import { convolutionOf } from './convolutions/convolutions';
import type { PlannedConvolution } from './convolutions/plannedConvolution';
import type { ModelPlan, Step } from './modelPlan';
import { rowOf, tablesOf, type TableRows } from './embedding';
import { keptOf, linearOf } from './planParameters';
import { scoreOf } from './score';
import { stepSpec, type StepValue } from './steps';

/** How a planned model's parameters are made and what for. */
export interface PlannedSpecs {
  readonly embedding: ParameterSpec<TableRows> | undefined;
  readonly encoder: readonly ParameterSpec<StepValue>[];
  readonly layers: readonly LayerSpecs[];
  /** First row of the virtual node. */
  readonly virtualNode: ParameterSpec<TableRows> | undefined;
  readonly joint: readonly ParameterSpec<StepValue>[];
  readonly head: readonly ParameterSpec<StepValue>[];
  readonly outputs: readonly ParameterSpec<LinearVariables>[];
  readonly constants: readonly ParameterSpec<TensorValues>[];
}

interface LayerSpecs {
  readonly convolution: PlannedConvolution<unknown>;
  readonly steps: readonly ParameterSpec<StepValue>[];
  /** How the virtual node's row is made anew behind the layer; nothing where it is not. */
  readonly update: readonly ParameterSpec<StepValue>[];
}

/** @throws RangeError for a plan that contradicts itself */
export function plannedSpecs(architecture: ArchitectureSummary, plan: ModelPlan): PlannedSpecs {
  const { eps, jumping, secondReadout } = architecture;
  const { embedding, encoder, layers, virtualNode, joint = [], head, outputs, constants = [] } = plan;
  if (outputs.length > 1 && (jumping !== 'cat' || joint.length + head.length > 0)) {
    throw new RangeError('several output layers read the layers side by side, with nothing before them');
  }
  const node = (step: Step): ParameterSpec<StepValue> => stepSpec(step);
  if (secondReadout !== undefined && jumping === 'cat' && joint.length === 0) {
    throw new RangeError('two readouts do not read layers side by side');
  }
  return {
    embedding: embedding && tablesOf(embedding),
    virtualNode: virtualNode && rowOf(virtualNode.embedding, virtualNode.width),
    encoder: encoder.map(node),
    layers: layers.map(({ convolution: own, steps }, i) => {
      const convolution = convolutionOf(own, eps?.[i] ?? 0);
      const update = virtualNode?.updates.at(i)?.map((step) => stepSpec(step, true)) ?? [];
      return { convolution, steps: [...(convolution.steps ?? []), ...steps].map(node), update };
    }),
    joint: joint.map(node),
    head: head.map((step) => stepSpec(step, true)),
    outputs: outputs.map((output) => (output.outputs === 1 ? scoreOf(output) : linearOf(output))),
    constants: constants.map(keptOf),
  };
}

/**
 * All tensors of a planned model, buffers included, in the order of computation.
 *
 * @throws RangeError for a plan that contradicts itself
 */
export function plannedTensors(architecture: ArchitectureSummary, plan: ModelPlan): TensorSpec[] {
  const { embedding, encoder, layers, virtualNode, joint, head, outputs, constants } = plannedSpecs(architecture, plan);
  const ofLayers = layers.flatMap(({ convolution, steps, update }) => [convolution.spec, ...steps, ...update]);
  const first = [embedding, virtualNode].filter((spec) => spec !== undefined);
  const all = [
    ...first,
    ...encoder,
    ...ofLayers,
    ...joint,
    ...head,
    ...outputs,
    ...constants,
  ] as ParameterSpec<unknown>[];
  return all.flatMap(({ tensors }) => tensors);
}
