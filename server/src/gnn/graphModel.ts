import type * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import type { ForwardOptions, ForwardResult } from './forward';
import type { LastLayerReader, ModelBody, ValuesOf } from './modelBody';
import { defaultTensorNames } from './modelSpecs';
import type { LinearVariables, NormVariables, TensorSpec, TensorValues } from './parameters';
import { PlannedBody } from './plan/plannedBody';
import type { Recognition } from './recognise';
import type { Site } from './sites';
import type { StateDictEntry } from './stateDict';
import { isPlan, type ModelNames } from './tensorNames';
import { UsualBody, type UsualParameters } from './usualBody';

/**
 * A graph classifier with trainable variables: message passing layers, a readout over the nodes of a graph, linear
 * layers. Call `dispose` when done with it: tensors are not garbage collected.
 */
export class GraphModel {
  private readonly body: ModelBody;

  /** @param valuesOf values that the model starts with */
  private constructor(
    readonly architecture: ArchitectureSummary,
    /** Which tensors of a checkpoint it is made of. */
    readonly names: ModelNames,
    valuesOf: ValuesOf,
  ) {
    this.body = isPlan(names)
      ? new PlannedBody(architecture, names, valuesOf)
      : new UsualBody(architecture, names, valuesOf);
  }

  /** Builds the model that `recognition` found in the tensors. */
  static fromCheckpoint(
    tensors: ReadonlyMap<string, Tensor>,
    { architecture, names }: Pick<Recognition, 'architecture' | 'names'>,
  ): GraphModel {
    return new GraphModel(architecture, names, ({ name, trained, kept, shape }) => {
      // Counters do nothing here, and eps is known.
      if (!trained && !kept) return { shape, values: new Float32Array(1) };
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
    return this.body.run(batch, options);
  }

  /** Whether it is of the usual shape (see `ArchitectureSummary`). */
  get isUsual(): boolean {
    return this.body instanceof UsualBody;
  }

  /**
   * The variables of a model of the usual shape; they belong to it.
   *
   * @throws RangeError for a model of another shape
   */
  get parameters(): UsualParameters {
    if (this.body instanceof UsualBody) return this.body.parameters;
    throw new RangeError('a model of the usual shape was expected');
  }

  /** Where activations can be recorded and bounded. */
  get sites(): readonly Site[] {
    return this.body.sites;
  }

  /** All that training may change: weights, biases, and scales and shifts of normalisations. */
  trainable(): tf.Variable[] {
    return this.variables().filter(({ trainable }) => trainable);
  }

  /**
   * The linear maps that a node's row goes through, in the order of computation, the output layer last. Each channel of
   * theirs is a neuron.
   */
  linearLayers(): LinearVariables[] {
    return this.body.linearLayers();
  }

  /** Every BatchNorm in the order of computation. */
  norms(): NormVariables[] {
    return this.body.parts.flatMap(({ spec, value }) => spec.norms?.(value) ?? []);
  }

  /** The BatchNorm that gives the last layer's output, through an activation or directly; undefined where none does. */
  get lastNorm(): NormVariables | undefined {
    return this.body.lastNorm;
  }

  /** What reads the last layer's output, behind the readout. */
  get reader(): LastLayerReader {
    return this.body.reader;
  }

  /** Whether logits are sums or means of what single nodes contribute, which then can be bounded. */
  get isSumOfNodes(): boolean {
    return this.body.isSumOfNodes;
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

  /** What training may change, by checkpoint tensor name: weights, biases and all of normalisations, but not eps. */
  exportTensors(): Map<string, Float32Array> {
    return new Map(
      this.entries()
        .filter(({ trained }) => trained)
        .map(({ name, values }) => [name, values]),
    );
  }

  dispose(): void {
    for (const variable of this.variables()) variable.dispose();
  }

  private variables(): tf.Variable[] {
    return this.body.parts.flatMap(({ spec, value }) => spec.variables(value));
  }

  private entries(): (TensorSpec & TensorValues)[] {
    return this.body.parts.flatMap(({ spec, value }) => {
      const values = spec.read(value);
      return spec.tensors.map((tensor, i) => ({ ...tensor, ...values[i] }));
    });
  }
}
