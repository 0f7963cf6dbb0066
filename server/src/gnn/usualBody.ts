import type { ArchitectureSummary } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import { forward, type ForwardOptions, type ForwardResult } from './forward';
import type { LayerKind } from './kinds/layerKind';
import { layerKindOf } from './kinds/layerKinds';
import type { LastLayerReader, ModelBody, Part, ValuesOf } from './modelBody';
import { allSpecs, modelSpecs } from './modelSpecs';
import type { LinearVariables, NormVariables, ParameterSpec } from './parameters';
import type { Site } from './sites';
import type { UsualNames } from './tensorNames';

/** The variables of a model of the usual shape. */
export interface UsualParameters {
  /** The parameters of each layer, as its kind in `kinds/` describes them. */
  readonly layers: readonly object[];
  readonly output: LinearVariables;
}

/** A model of the usual shape: layers of one kind, a readout over the nodes of a graph, a linear layer. */
export class UsualBody implements ModelBody {
  readonly parameters: UsualParameters;
  readonly parts: readonly Part[];
  readonly isSumOfNodes: boolean;
  private readonly kind: LayerKind;

  constructor(
    private readonly architecture: ArchitectureSummary,
    names: UsualNames,
    valuesOf: ValuesOf,
  ) {
    this.kind = layerKindOf(architecture.kind);
    const specs = modelSpecs(architecture, names);
    const make = <P>(spec: ParameterSpec<P>): P => spec.make(spec.tensors.map(valuesOf));
    const layers = specs.layers.map((layer): Record<string, unknown> =>
      Object.fromEntries(Object.entries(layer).map(([part, spec]) => [part, make(spec)])),
    );
    this.parameters = { layers, output: make(specs.output) };
    const values = [...layers.flatMap((layer) => Object.values(layer)), this.parameters.output];
    this.parts = allSpecs(specs).map((spec, i) => ({ spec, value: values[i] }));
    this.isSumOfNodes = architecture.readout !== 'max';
  }

  get sites(): readonly Site[] {
    return this.kind.sites;
  }

  get lastNorm(): NormVariables | undefined {
    // The output layer is the last linear map; the one before it carries the last BatchNorm.
    return this.linearLayers().at(-2)?.norm;
  }

  get reader(): LastLayerReader {
    return { weight: this.parameters.output.weight, firstRows: [0] };
  }

  run(batch: GraphBatch, options?: ForwardOptions): ForwardResult {
    const { kind, parameters } = this;
    const { inputs, readout } = this.architecture;
    return forward({ kind, ...parameters, inputs, readout }, batch, options);
  }

  linearLayers(): LinearVariables[] {
    const { layers, output } = this.parameters;
    return [...layers.flatMap((layer) => this.kind.linears(layer)), output];
  }
}
