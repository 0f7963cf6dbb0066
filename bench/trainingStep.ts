/**
 * Time of one training step (forward, backward, Adam) of a GIN on a batch of the size that purifying PROTEINS has:
 * 64 graphs and their 64 triggered copies, about 5,000 nodes. Compares our fused operations with the same model
 * composed of standard tfjs operations.
 *
 *   npx tsx bench/trainingStep.ts
 */
import * as tf from '@tensorflow/tfjs-core';
import { GinModel } from '../server/src/gnn/gin';
import { collate, type GraphBatch } from '../server/src/graph/batch';
import { canonicalEdges } from '../server/src/graph/edges';
import type { FeatureLayout, Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { Adam } from '../server/src/tensor/adam';
import { aggregate } from '../server/src/tensor/aggregate';
import { selectBackend } from '../server/src/tensor/backend';
import { linearReluComposed, type LinearParameters } from '../server/src/tensor/linearRelu';
import { segmentSum } from '../server/src/tensor/segment';

const hidden = 64;
const layers = 3;
const layout: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };

/** Graphs with the node and edge counts of PROTEINS: 39 nodes and 73 edges on average. */
function proteinsLike(count: number, rng: Rng): Graph[] {
  return Array.from({ length: count }, () => {
    const nodeCount = 10 + rng.integer(59);
    const pairs: number[] = [];
    for (let v = 1; v < nodeCount; v++) pairs.push(v, rng.integer(v));
    for (let e = 0; e < 0.9 * nodeCount; e++) pairs.push(rng.integer(nodeCount), rng.integer(nodeCount));
    return {
      nodeCount,
      edges: canonicalEdges(nodeCount, pairs),
      nodeLabels: Int32Array.from({ length: nodeCount }, () => rng.integer(3)),
      attributes: new Float32Array(0),
      classLabel: rng.integer(2),
    };
  });
}

type Logits = (batch: GraphBatch) => tf.Tensor2D;

function step(logits: Logits, variables: tf.Variable[], adam: Adam, batch: GraphBatch): void {
  tf.tidy(() => {
    const targets = tf.oneHot(tf.tensor1d(batch.classLabels, 'int32'), 2);
    const { grads } = tf.variableGrads(
      () => tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits(batch))), 1))),
      variables,
    );
    adam.step(
      variables.map(({ name }) => grads[name]),
      1e-3,
    );
  });
}

/** The same model of standard operations; message passing is ours, because the WebAssembly backend has none. */
function composedLogits(variables: tf.Variable[]): Logits {
  const running = { mean: new Float32Array(hidden), variance: new Float32Array(hidden).fill(1) };
  const linear = (i: number): LinearParameters => {
    const [weight, bias, gamma, beta] = variables.slice(4 * i, 4 * i + 4);
    return {
      weight: weight as tf.Tensor2D,
      bias: bias as tf.Tensor1D,
      norm: { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, running },
    };
  };
  const [weight, bias] = variables.slice(-2);
  return (batch) => {
    let h = tf.tensor2d(batch.features, [batch.nodeCount, batch.layout.width]);
    for (let i = 0; i < layers; i++) {
      h = linearReluComposed(linearReluComposed(aggregate(h, batch), linear(2 * i)), linear(2 * i + 1));
    }
    return tf.add(tf.matMul(segmentSum(h, batch.nodeOffsets), weight as tf.Tensor2D), bias);
  };
}

/** Milliseconds of processor time of this process, which other load on the machine disturbs less than wall time. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function main(): Promise<void> {
  await selectBackend('graphnad');
  const rng = new Rng(1);
  const batch = collate(proteinsLike(128, rng), layout);
  const model = GinModel.random(
    { kind: 'gin', layers, hidden, inputs: 3, classes: 2, readout: 'sum', batchNorm: true, eps: [0, 0, 0] },
    rng,
  );
  const variables = model.trainable();
  const adam = new Adam(variables);
  const limit = new Float32Array(hidden).fill(2);
  const limits = { aggregated: limit, hidden: limit, output: limit };
  const bounds = { layers: [{ ...limits, aggregated: new Float32Array(3).fill(5) }, limits, limits] };
  const variants: [string, Logits][] = [
    ['fused', (b) => model.forward(b).logits],
    ['fused, with bounds', (b) => model.forward(b, { bounds }).logits],
    ['standard operations', composedLogits(variables)],
  ];
  const times = variants.map((): number[] => []);
  const warmUp = 5;
  const rounds = warmUp + 15;
  for (let round = 0; round < rounds; round++) {
    variants.forEach(([, logits], i) => {
      const start = cpuTime();
      step(logits, variables, adam, batch);
      if (round >= warmUp) times[i].push(cpuTime() - start);
    });
  }
  const medians = times.map(median);
  console.log(
    `${batch.graphCount} graphs, ${batch.nodeCount} nodes, ${batch.columns.length} directed edges; wasm, one thread`,
  );
  variants.forEach(([name], i) => {
    console.log(`${name.padEnd(20)} ${medians[i].toFixed(1)} ms of CPU time a step (median of ${rounds - warmUp})`);
  });
  console.log(`ratio                ${(medians[2] / medians[0]).toFixed(1)}`);
}

void main();
