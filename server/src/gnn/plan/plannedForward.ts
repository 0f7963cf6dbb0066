import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary, Jumping } from '../../../../protocol/model';
import type { GraphBatch } from '../../graph/batch';
import type { Folding } from '../../graph/fold';
import { linear } from '../../tensor/linear';
import { sparseProduct } from '../../tensor/sparseProduct';
import { boundedContributions, readNodes, type ForwardOptions, type ForwardResult } from '../forward';
import type { LayerOutput } from '../layerOutput';
import { LayerRun } from '../layerRun';
import { distinctFeatures, refinement } from '../messagePassing';
import type { LinearVariables } from '../parameters';
import type { PlannedConvolution } from './convolutions/plannedConvolution';
import { embeddedNodes, type NodeEmbedding } from './embedding';
import { runSteps, type StepValue } from './steps';
import { graphStepsRun, membership, stepsRun } from './stepsRun';
import { VirtualNodes, type VirtualNodeParts } from './virtualNode';

/** A planned model as far as running it needs to know it. */
export interface PlannedParts {
  readonly architecture: ArchitectureSummary;
  readonly embedding?: NodeEmbedding;
  readonly encoder: readonly StepValue[];
  readonly layers: readonly PlannedLayerParts[];
  readonly virtualNode?: VirtualNodeParts;
  readonly joint: readonly StepValue[];
  readonly head: readonly StepValue[];
  readonly outputs: readonly LinearVariables[];
}

export interface PlannedLayerParts {
  readonly convolution: PlannedConvolution<unknown>;
  readonly variables: unknown;
  readonly steps: readonly StepValue[];
}

/** Runs a planned model on a batch. The caller disposes what is returned. */
export function plannedForward(
  model: PlannedParts,
  batch: GraphBatch,
  folding: Folding,
  options: ForwardOptions,
): ForwardResult {
  const classes = model.layers.map((_, index) => folding.level(index + 1));
  const { logits, outputs } = tf.tidy(() => {
    const features = encoded(model, batch, folding, options);
    const { outputs, taken } = runLayers(model, features, batch, folding, options);
    // What is read of a layer is what the next one took of it, a virtual node's row included.
    const read = [...taken.slice(1), outputs[outputs.length - 1]];
    const layers = read.map((rows, i): LayerOutput => ({ rows: rows ?? outputs[i], classes: classes[i] }));
    const start = (): LayerOutput => ({ rows: taken[0] ?? ownFeatures(batch, folding), classes: folding.level(0) });
    return { logits: readLogits(model, layers, start, { batch, folding, options }), outputs };
  });
  return { logits, layers: outputs.map((rows, index) => ({ rows, classes: classes[index] })) };
}

/** What tables and encoder make of the features; undefined where there are none. */
function encoded(
  { embedding, encoder, architecture }: PlannedParts,
  batch: GraphBatch,
  folding: Folding,
  { training = false }: ForwardOptions,
): tf.Tensor2D | undefined {
  if (embedding === undefined && encoder.length === 0) return undefined;
  const x = embedding === undefined ? ownFeatures(batch, folding) : embeddedNodes(embedding, batch, folding);
  const run = stepsRun(architecture, batch, folding.level(0), training, () => x);
  return runSteps({ x, inputGradient: embedding !== undefined }, encoder, run);
}

/** What each layer gave, and what it took: undefined for the features. */
interface LayersRun {
  readonly outputs: tf.Tensor2D[];
  readonly taken: (tf.Tensor2D | undefined)[];
}

function runLayers(
  { architecture, layers, virtualNode }: PlannedParts,
  features: tf.Tensor2D | undefined,
  batch: GraphBatch,
  folding: Folding,
  { training = false, bounds, record }: ForwardOptions,
): LayersRun {
  const outputs: tf.Tensor2D[] = [];
  const taken: (tf.Tensor2D | undefined)[] = [];
  const virtual =
    virtualNode &&
    new VirtualNodes(
      virtualNode,
      membership(batch, folding.level(0)),
      architecture.residual ?? false,
      (x) => graphStepsRun(architecture, batch, training, x), // prettier-ignore
    );
  layers.forEach(({ convolution, variables, steps }, index) => {
    const before = index === 0 ? features : outputs[index - 1];
    const input = virtual === undefined ? before : virtual.addedTo(before ?? ownFeatures(batch, folding));
    taken.push(input);
    const classes = folding.level(index + 1);
    const run = new LayerRun(batch, folding, index + 1, input, {
      training,
      limits: bounds?.layers[index] ?? {},
      record: record && ((site, activations) => record(site, index, activations, classes)),
    });
    const added = (): tf.Tensor2D => run.refined(input ?? run.ownFeatures());
    const ofSteps = stepsRun(architecture, batch, classes, training, added);
    const output = runSteps(convolution.forward(variables, run), steps, ofSteps);
    outputs.push(run.seen('output', run.bounded('output', output)));
    if (virtual !== undefined && input !== undefined) virtual.update(index, input);
  });
  return { outputs, taken };
}

/** What behind the layers needs to know. */
interface Reading {
  readonly batch: GraphBatch;
  readonly folding: Folding;
  readonly options: ForwardOptions;
}

/** @param start what goes into the first layer */
function readLogits(
  model: PlannedParts,
  layers: readonly LayerOutput[],
  start: () => LayerOutput,
  { batch, folding, options: { training = false, bounds } }: Reading,
): tf.Tensor2D {
  const { architecture, joint, head, outputs } = model;
  const { readout, secondReadout, jumpingInput = false, jumping } = architecture;
  const readable = jumping !== undefined && jumpingInput ? [start(), ...layers] : layers;
  const firstDepth = readable === layers ? 1 : 0;
  const together = joined(readable, firstDepth, model, folding).map(({ rows, classes }): LayerOutput => {
    const run = stepsRun(architecture, batch, classes, training, () => rows);
    return { rows: runSteps({ x: rows }, joint, run), classes };
  });
  const ways = secondReadout === undefined ? [readout] : [readout, secondReadout];
  const read = together.flatMap((each) => ways.map((way) => readNodes(each, way, batch)));
  if (bounds?.contributions !== undefined) {
    const last = layers[layers.length - 1];
    const { weight, bias } = outputs[0];
    const rows = boundedContributions(last.rows, weight, bounds.contributions);
    return tf.add(readNodes({ rows, classes: last.classes }, readout, batch), bias);
  }
  if (outputs.length > 1) return tf.addN(outputs.map((output, i) => linear(read[i], output)));
  const x = read.length === 1 ? read[0] : tf.concat2d([...read], 1);
  return linear(runSteps({ x }, head, graphStepsRun(architecture, batch, training, x)), outputs[0]);
}

/**
 * What is read: the last layer, what all layers make together, or, where they go side by side and nothing comes between
 * them and the readout, all one by one: it is the same, and costs less.
 *
 * @param firstDepth level of the first one's classes
 */
function joined(
  layers: readonly LayerOutput[],
  firstDepth: number,
  { architecture: { jumping }, joint }: PlannedParts,
  folding: Folding,
): readonly LayerOutput[] {
  if (jumping === 'cat' && joint.length === 0) return layers;
  const last = layers[layers.length - 1];
  if (jumping === undefined) return [last];
  const depth = (index: number): number => firstDepth + index;
  const rows = layers.map((layer, i) =>
    layer.classes === last.classes
      ? layer.rows
      : sparseProduct(refinement(folding, depth(layers.length - 1), depth(i)), layer.rows),
  );
  return [{ rows: combined(rows, jumping), classes: last.classes }];
}

function combined(rows: tf.Tensor2D[], jumping: Jumping): tf.Tensor2D {
  switch (jumping) {
    case 'cat':
      return tf.concat2d(rows, 1);
    case 'sum':
      return tf.addN(rows);
    case 'max':
      return rows.reduce((a, b) => tf.maximum(a, b));
  }
}

function ownFeatures(batch: GraphBatch, folding: Folding): tf.Tensor2D {
  return tf.tensor2d(distinctFeatures(batch, folding), [folding.level(0).count, batch.layout.width]);
}
