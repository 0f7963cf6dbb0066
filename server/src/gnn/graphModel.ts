import type * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { forward, type ForwardOptions, type ForwardResult } from './forward';
import type { LayerKind } from './kinds/layerKind';
import { layerKindOf } from './kinds/layerKinds';
import { allSpecs, defaultTensorNames, modelSpecs, type ModelSpecs } from './modelSpecs';
import type { LinearVariables, NormVariables, ParameterSpec, TensorSpec, TensorValues } from './parameters';
import type { Recognition } from './recognise';
import type { Site } from './sites';
import type { StateDictEntry } from './stateDict';
import type { ModelNames } from './tensorNames';

/** The variables of a model; they belong to it. */
export interface ModelParameters {
  /** The parameters of each layer, as its kind in `kinds/` describes them. */
  readonly layers: readonly object[];
  readonly output: LinearVariables;
}

/**
 * A graph classifier with trainable variables: layers of one kind, a readout over the nodes of a graph, a linear layer.
 * Call `dispose` when done with it: tensors are not garbage collected.
 */
export class GraphModel {
  readonly parameters: ModelParameters;
  private readonly kind: LayerKind;
  private readonly specs: ModelSpecs;

  /** @param valuesOf values that the model starts with */
  private constructor(
    readonly architecture: ArchitectureSummary,
    private readonly names: ModelNames,
    valuesOf: (tensor: TensorSpec) => TensorValues,
  ) {
    this.kind = layerKindOf(architecture.kind);
    this.specs = modelSpecs(architecture, names);
    const make = <P>(spec: ParameterSpec<P>): P => spec.make(spec.tensors.map(valuesOf));
    this.parameters = {
      layers: this.specs.layers.map((layer) =>
        Object.fromEntries(Object.entries(layer).map(([part, spec]) => [part, make(spec)])),
      ),
      output: make(this.specs.output),
    };
  }

  /** Builds the model that `recognition` found in the tensors. */
  static fromCheckpoint(tensors: ReadonlyMap<string, Tensor>, { architecture, names }: Recognition): GraphModel {
    return new GraphModel(architecture, names, ({ name, trained, shape }) => {
      // Counters do nothing here, and eps is known.
      if (!trained) return { shape, values: new Float32Array(1) };
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new RangeError(`there is no tensor ${name}`);
      return { shape: tensor.shape, values: Float32Array.from(tensor.values()) };
    });
  }

  /** A model with the initial weights of PyTorch Geometric and the usual tensor names. */
  static random(architecture: ArchitectureSummary, rng: Rng): GraphModel {
    const { hidden, heads = 1 } = architecture;
    if (hidden % heads !== 0) throw new RangeError(`${heads} heads do not divide ${hidden} hidden channels`);
    return new GraphModel(architecture, defaultTensorNames(architecture), ({ shape, initial }) => ({
      shape,
      values: initial(rng),
    }));
  }

  /**
   * Logits and layer outputs of a batch; the caller disposes them.
   *
   * @throws RangeError when the batch's features are not as wide as the model's first layer
   */
  forward(batch: GraphBatch, options?: ForwardOptions): ForwardResult {
    const { kind, architecture, parameters } = this;
    const { inputs, readout } = architecture;
    return forward({ kind, ...parameters, inputs, readout }, batch, options);
  }

  /** Where activations can be recorded and bounded. */
  get sites(): readonly Site[] {
    return this.kind.sites;
  }

  /** All that training may change: weights, biases, and scales and shifts of BatchNorm. */
  trainable(): tf.Variable[] {
    return this.parts().flatMap(({ spec, value }) => spec.variables(value));
  }

  /**
   * The linear maps that a node's row goes through, in the order of computation, the output layer last. Each channel of
   * theirs is a neuron.
   */
  linearLayers(): LinearVariables[] {
    const { layers, output } = this.parameters;
    return [...layers.flatMap((layer) => this.kind.linears(layer)), output];
  }

  /** Every BatchNorm in the order of computation. */
  norms(): NormVariables[] {
    return this.parts().flatMap(({ value }) => (hasNorm(value) ? [value.norm] : []));
  }

  /** Weight of the output layer, `[hidden, classes]`. */
  get outputWeight(): tf.Tensor2D {
    return this.parameters.output.weight;
  }

  /** An independent copy. */
  clone(): GraphModel {
    const state = new Map(this.stateDict().map((entry) => [entry.name, entry]));
    return new GraphModel(this.architecture, this.names, ({ name }) => state.get(name)!);
  }

  /** All tensors layer by layer in PyTorch's orientation, by checkpoint tensor name: what a new checkpoint holds. */
  stateDict(): StateDictEntry[] {
    return this.entries().map(({ name, dtype, shape, values }) => ({ name, dtype, shape, values }));
  }

  /** What training may change, by checkpoint tensor name: weights, biases and all of BatchNorm, but not eps. */
  exportTensors(): Map<string, Float32Array> {
    return new Map(
      this.entries()
        .filter(({ trained }) => trained)
        .map(({ name, values }) => [name, values]),
    );
  }

  dispose(): void {
    for (const variable of this.trainable()) variable.dispose();
  }

  private entries(): (TensorSpec & TensorValues)[] {
    return this.parts().flatMap(({ spec, value }) => {
      const values = spec.read(value);
      return spec.tensors.map((tensor, i) => ({ ...tensor, ...values[i] }));
    });
  }

  /** All parameters with their descriptions, in the order of computation. */
  private parts(): { readonly spec: ParameterSpec<unknown>; readonly value: unknown }[] {
    const values: unknown[] = [
      ...this.parameters.layers.flatMap((layer) => Object.values(layer as Record<string, unknown>)),
      this.parameters.output,
    ];
    return allSpecs(this.specs).map((spec, i) => ({ spec, value: values[i] }));
  }
}

function hasNorm(parameter: unknown): parameter is { readonly norm: NormVariables } {
  return typeof parameter === 'object' && parameter !== null && 'norm' in parameter && parameter.norm !== undefined;
}
