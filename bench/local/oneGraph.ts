import * as tf from '@tensorflow/tfjs-core';
import { cliqueEdges } from '../../server/src/attack/motifs';
import { triggerEdit } from '../../server/src/attack/triggerEdit';
import type { ForwardResult } from '../../server/src/gnn/forward';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { LocalForward } from '../../server/src/gnn/local/localForward';
import { RegionFinder } from '../../server/src/gnn/local/region';
import { collate, type GraphBatch } from '../../server/src/graph/batch';
import { applyEdit, type GraphEdit } from '../../server/src/graph/edit';
import type { Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { drawGraph, labels, layout } from './graphs';
import { median, milliseconds, relativeDifference } from './timing';

export const hidden = 32;
export const meanDegree = 4;
export const queries = 200;
export const fullPasses = 5;
const layers = 3;

/** Medians in milliseconds. */
export interface OneGraphTimes {
  readonly nodes: number;
  /** Nodes that a query reaches by the last layer. */
  readonly reached: number;
  readonly basePass: number;
  readonly oneQuery: number;
  /** A query's share of many answered together. */
  readonly together: number;
  readonly fullPass: number;
  /** Of logits, largest, relative to the largest. */
  readonly difference: number;
  /** The same, relative to the largest change that the trigger makes: in a large graph it makes little. */
  readonly ofChange: number;
}

/** Queries about one graph, each with the same trigger on other nodes, answered locally and by full passes. */
export function measureOneGraph(nodes: number): OneGraphTimes {
  const rng = new Rng(1, `graph of ${nodes} nodes`);
  const graph = drawGraph(nodes, meanDegree, 'random', rng);
  const eps = new Array<number>(layers).fill(0);
  const model = GraphModel.random(
    { kind: 'gin', layers, hidden, inputs: labels, classes: 2, readout: 'mean', batchNorm: true, eps },
    new Rng(2),
  );
  const edited = Array.from({ length: queries }, () => ({ graph: 0, edit: relabelledClique(graph, rng) }));
  const finder = new RegionFinder(collate([graph], layout), layers);
  const reached = median(edited.map(({ edit }) => finder.find(0, edit).nodes.length));

  const start = process.hrtime.bigint();
  const local = new LocalForward(model, [graph], layout);
  const basePass = Number(process.hrtime.bigint() - start) / 1e6;
  local.logits(edited);
  const answers: Float32Array[] = [];
  const single = edited.map((one) => milliseconds(() => answers.push(local.logits([one]))));
  const together = Array.from({ length: 5 }, () => milliseconds(() => local.logits(edited)) / queries);
  local.dispose();

  const full: number[] = [];
  let difference = 0;
  let ofChange = 0;
  const unchanged = fullPass(model, collate([graph], layout)).logits;
  for (let i = 0; i < fullPasses; i++) {
    const batch = collate([applyEdit(graph, edited[i].edit)], layout);
    const { time, logits } = fullPass(model, batch);
    full.push(time);
    difference = Math.max(difference, relativeDifference(answers[i], logits));
    const change = (to: Float32Array): Float32Array => to.map((value, c) => value - unchanged[c]);
    ofChange = Math.max(ofChange, relativeDifference(change(answers[i]), change(logits)));
  }
  model.dispose();
  return {
    nodes,
    reached,
    basePass,
    oneQuery: median(single),
    together: median(together),
    fullPass: median(full),
    difference,
    ofChange,
  };
}

/** Times a full pass over a graph, and tells its logits with the readout summed anew. */
function fullPass(model: GraphModel, batch: GraphBatch): { readonly time: number; readonly logits: Float32Array } {
  const { weight, bias } = model.parameters.output;
  const [w, b] = [weight.dataSync(), bias.dataSync()];
  return tf.tidy(() => {
    let outputs: ForwardResult | undefined;
    const time = milliseconds(() => {
      outputs = model.forward(batch);
      outputs.logits.dataSync();
    });
    const { rows, classes } = (outputs as ForwardResult).layers[layers - 1];
    const values = rows.dataSync<'float32'>();
    // In float64: the pass's own float32 sum over a million nodes is off by 1e-5.
    const sums = new Float64Array(hidden);
    for (const row of classes.classOf) for (let j = 0; j < hidden; j++) sums[j] += values[row * hidden + j];
    const logits = Float32Array.from(b, (shift, c) => {
      let logit = shift;
      for (let j = 0; j < hidden; j++) logit += (sums[j] / batch.nodeCount) * w[j * b.length + c];
      return logit;
    });
    return { time, logits };
  });
}

function relabelledClique(graph: Graph, rng: Rng): GraphEdit {
  const given = Array.from({ length: 5 }, () => rng.integer(labels));
  return triggerEdit(
    graph,
    { nodes: 5, edges: cliqueEdges(5), labels: given, placement: 'random', replace: true },
    rng,
  );
}
