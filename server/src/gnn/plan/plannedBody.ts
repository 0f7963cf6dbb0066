import type { ArchitectureSummary } from '../../../../protocol/model';
import type { GraphBatch } from '../../graph/batch';
import { foldingOf, unfolded, type Folding } from '../../graph/fold';
import { requireFitting, type ForwardOptions, type ForwardResult } from '../forward';
import type { LastLayerReader, ModelBody, Part, ValuesOf } from '../modelBody';
import type { LinearVariables, NormVariables, ParameterSpec } from '../parameters';
import type { Site } from '../sites';
import type { ModelPlan, Step } from './modelPlan';
import { plannedForward, type PlannedLayerParts, type PlannedParts } from './plannedForward';
import { plannedSpecs } from './plannedModel';
import type { StepValue } from './steps';

/** A model of any shape, computed step by step as its plan says. */
export class PlannedBody implements ModelBody {
  readonly parts: readonly Part[];
  readonly sites: readonly Site[];
  readonly isSumOfNodes: boolean;
  private readonly model: PlannedParts;
  private readonly byDegree: boolean;
  private readonly byGraph: boolean;

  /** @throws RangeError for a plan that contradicts itself */
  constructor(
    private readonly architecture: ArchitectureSummary,
    plan: ModelPlan,
    valuesOf: ValuesOf,
  ) {
    const parts: Part[] = [];
    const make = <P>(spec: ParameterSpec<P>): P => {
      const value = spec.make(spec.tensors.map(valuesOf));
      parts.push({ spec: spec, value });
      return value;
    };
    const { embedding, encoder, layers, virtualNode, joint, head, outputs, constants } = plannedSpecs(
      architecture,
      plan,
    );
    const updates: StepValue[][] = [];
    this.model = {
      architecture,
      ...(plan.embedding && embedding && { embedding: { tables: plan.embedding, rows: make(embedding) } }),
      encoder: encoder.map(make),
      ...(virtualNode && { virtualNode: { embedding: make(virtualNode), updates } }),
      layers: layers.map(({ convolution, steps, update }): PlannedLayerParts => {
        const made = { convolution, variables: make(convolution.spec), steps: steps.map(make) };
        if (update.length > 0) updates.push(update.map(make));
        return made;
      }),
      joint: joint.map(make),
      head: head.map(make),
      outputs: outputs.map(make),
    };
    constants.forEach(make);
    this.parts = parts;
    const convolutions = layers.map(({ convolution }) => convolution);
    const shared = convolutions[0].sites.filter((site) => convolutions.every(({ sites }) => sites.includes(site)));
    this.sites = [...shared, 'output'];
    this.byDegree = convolutions.some(({ byDegree }) => byDegree);
    const ofNodes = [...plan.encoder, ...plan.layers.flatMap(({ steps }) => steps), ...(plan.joint ?? [])];
    this.byGraph = virtualNode !== undefined || ofNodes.some(isByGraph);
    const { readout, secondReadout, jumping } = architecture;
    const isReadOnce = secondReadout === undefined && jumping === undefined;
    this.isSumOfNodes = readout !== 'max' && isReadOnce && joint.length + head.length === 0;
  }

  get lastNorm(): NormVariables | undefined {
    const steps = this.model.layers[this.model.layers.length - 1].steps;
    const last = steps[steps.length - 1] as StepValue | undefined;
    const isActivation = last?.step === 'activation' && (last.activation ?? this.architecture.activation) !== 'tanh';
    const norm = isActivation ? (steps[steps.length - 2] as StepValue | undefined) : last;
    return norm?.step === 'norm' ? norm.norm.batch : undefined;
  }

  get reader(): LastLayerReader {
    const { joint, head, outputs } = this.model;
    const first = [...joint, ...head].find((step) => step.step === 'linear');
    const { weight } = first === undefined ? outputs[outputs.length - 1] : first.linear;
    const { jumping, hidden, secondReadout } = this.architecture;
    if (secondReadout !== undefined && joint.length === 0) return { weight, firstRows: [0, hidden] };
    return { weight, firstRows: [jumping === 'cat' && outputs.length === 1 ? weight.shape[0] - hidden : 0] };
  }

  run(batch: GraphBatch, options: ForwardOptions = {}): ForwardResult {
    requireFitting(this.architecture, batch, options);
    if (options.bounds?.contributions !== undefined && !this.isSumOfNodes) {
      throw new RangeError('contributions cannot be bounded where logits are no sum of them');
    }
    return plannedForward(this.model, batch, options.folding ?? this.foldingOf(batch), options);
  }

  linearLayers(): LinearVariables[] {
    const { encoder, layers, joint, head, outputs } = this.model;
    return [
      ...withNorms([], encoder),
      ...layers.flatMap(({ convolution, variables, steps }) => withNorms(convolution.linears(variables), steps)),
      ...withNorms([], joint),
      ...withNorms([], head),
      outputs[outputs.length - 1],
    ];
  }

  private foldingOf(batch: GraphBatch): Folding {
    if (!this.byGraph) return foldingOf(batch, { byDegree: this.byDegree });
    let folding = foldings.get(batch);
    if (folding === undefined) foldings.set(batch, (folding = unfolded(batch)));
    return folding;
  }
}

/** Kept as long as their batches, as what is made of them is. */
const foldings = new WeakMap<GraphBatch, Folding>();

/** Whether a step tells nodes of different graphs apart. */
function isByGraph(step: Step): boolean {
  return step.step === 'norm' && (step.kind === 'graph' || step.kind === 'graph-layer');
}

/** Linear maps with the BatchNorms right behind them. @param before maps that come before the steps */
function withNorms(before: readonly LinearVariables[], steps: readonly StepValue[]): LinearVariables[] {
  const linears = [...before];
  steps.forEach((step, i) => {
    if (step.step === 'linear') linears.push(step.linear);
    const norm = step.step === 'norm' ? step.norm.batch : undefined;
    const follows = i === 0 ? before.length > 0 : steps[i - 1].step === 'linear';
    if (norm !== undefined && follows) linears.push({ ...linears.pop()!, norm });
  });
  return linears;
}
