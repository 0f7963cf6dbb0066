import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSummary } from '../../../protocol/model';
import type { GraphModel } from '../gnn/graphModel';
import { ginLayers } from '../gnn/kinds/ginLayers';
import { readoutMatrix, sumAggregation } from '../gnn/messagePassing';
import { linearRelu } from '../tensor/linearRelu';
import { sparseProduct } from '../tensor/sparseProduct';
import { overTriggerEdges, type SoftGraphs } from './softGraphs';

/** Logits of a model on graphs whose triggers are tensors, `[graphs, classes]`; gradients flow to the triggers. */
export type SoftForward = (model: GraphModel, graphs: SoftGraphs) => tf.Tensor2D;

/**
 * Runs a model on soft graphs as `model.forward` would on hard ones, with frozen statistics of BatchNorm.
 *
 * @returns undefined for architectures that have no such run: then a trigger has to be made on a surrogate
 */
export function softForwardOf({ kind, readout }: ArchitectureSummary): SoftForward | undefined {
  return kind === 'gin' && (readout === 'sum' || readout === 'mean') ? softGin : undefined;
}

/** The architecture of a surrogate for models that have no run on soft graphs: GIN of the same size. */
export function softArchitecture(architecture: ArchitectureSummary): ArchitectureSummary {
  if (softForwardOf(architecture) !== undefined) return architecture;
  const { layers, hidden, inputs, classes, batchNorm, readout } = architecture;
  const shared = { layers, hidden, inputs, classes, batchNorm };
  return {
    kind: 'gin',
    ...shared,
    readout: readout === 'mean' ? 'mean' : 'sum',
    eps: new Array<number>(layers).fill(0),
  };
}

function softGin(model: GraphModel, graphs: SoftGraphs): tf.Tensor2D {
  const { output } = model.parameters;
  const { batch, folding } = graphs.hosts;
  let h = graphs.features;
  for (const { eps, first, second } of ginLayers(model)) {
    const overOwnEdges = sparseProduct(sumAggregation(batch, folding, 1, 1 + eps), h);
    const sums = tf.add<tf.Tensor2D>(overOwnEdges, overTriggerEdges(graphs, h));
    h = linearRelu(linearRelu(sums, first), second);
  }
  const readout = model.architecture.readout === 'mean' ? 'mean' : 'sum';
  const read = sparseProduct(readoutMatrix(batch, folding.level(0), readout), h);
  return tf.add(tf.matMul(read, output.weight), output.bias);
}
