import type { ArchitectureSummary } from '../../protocol/model';
import type { GraphModel } from '../../server/src/gnn/graphModel';
import { modelOfPlain, plainModel } from '../../server/src/jobs/side/plainModel';
import { defaultTensorNames } from '../../server/src/gnn/modelSpecs';
import type {
  Convolution,
  LinearTensors,
  ModelPlan,
  NormStep,
  PlannedLayer,
  Step,
} from '../../server/src/gnn/plan/modelPlan';
import type { ConvolutionNames, GinLayerNames } from '../../server/src/gnn/tensorNames';

/** A model of the usual shape and with the usual names, computed as a plan says. */
export function planned(model: GraphModel): GraphModel {
  const { architecture } = model;
  return modelOfPlain({ ...plainModel(model), names: usualPlan(architecture) });
}

/** A model of the usual shape and with the usual names, said as a plan. */
export function usualPlan(architecture: ArchitectureSummary): ModelPlan {
  const { inputs, hidden, classes } = architecture;
  const { layers, output } = defaultTensorNames(architecture);
  return {
    encoder: [],
    layers: layers.map((names, i): PlannedLayer => {
      const from = i === 0 ? inputs : hidden;
      return 'first' in names ? ginLayer(names, from, hidden) : convolutionLayer(architecture, names, from);
    }),
    head: [],
    outputs: [linearTensors(output.linear, hidden, classes)],
  };
}

export function linearTensors(
  name: string,
  inputs: number,
  outputs: number,
): LinearTensors & { readonly bias: string } {
  return { weight: `${name}.weight`, bias: `${name}.bias`, inputs, outputs };
}

export function batchNormStep(name: string, width: number): NormStep {
  return {
    ...{ step: 'norm', kind: 'batch', width, scale: `${name}.weight`, shift: `${name}.bias` },
    ...{ mean: `${name}.running_mean`, variance: `${name}.running_var`, counter: `${name}.num_batches_tracked` },
  };
}

function ginLayer({ eps, first, second }: GinLayerNames, inputs: number, hidden: number): PlannedLayer {
  return {
    convolution: { kind: 'gin', width: inputs, eps },
    steps: [
      { step: 'linear', ...linearTensors(first.linear, inputs, hidden) },
      ...activated(first.norm, hidden),
      { step: 'linear', ...linearTensors(second.linear, hidden, hidden) },
      ...activated(second.norm, hidden),
    ],
  };
}

function convolutionLayer(
  { kind, hidden, heads = 1 }: ArchitectureSummary,
  { conv, norm }: ConvolutionNames,
  inputs: number,
): PlannedLayer {
  const part = (name: string): LinearTensors & { readonly bias: string } =>
    linearTensors(`${conv}.${name}`, inputs, hidden);
  const plain = (name: string): LinearTensors => ({ ...part(name), bias: undefined });
  const attention = { heads, width: hidden / heads, bias: `${conv}.bias` };
  const convolutions: Readonly<Partial<Record<typeof kind, Convolution>>> = {
    gcn: { kind: 'gcn', linear: { ...plain('lin'), bias: `${conv}.bias` } },
    sage: { kind: 'sage', neighbours: part('lin_l'), own: plain('lin_r') },
    gat: { kind: 'gat', ...attention, linear: plain('lin'), source: `${conv}.att_src`, target: `${conv}.att_dst` },
    gatv2: { kind: 'gatv2', ...attention, source: part('lin_l'), target: part('lin_r'), attention: `${conv}.att` },
  };
  return { convolution: convolutions[kind]!, steps: activated(norm, hidden) };
}

function activated(norm: string | undefined, width: number): Step[] {
  return [...(norm === undefined ? [] : [batchNormStep(norm, width)]), { step: 'activation' }];
}
