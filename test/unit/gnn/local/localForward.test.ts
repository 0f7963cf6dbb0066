import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { triggerEdit } from '../../../../server/src/attack/triggerEdit';
import { drawTrigger } from '../../../../server/src/attack/triggerPrior';
import type { Bounds } from '../../../../server/src/gnn/forward';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { LocalForward, type EditedGraph } from '../../../../server/src/gnn/local/localForward';
import { predictLogits } from '../../../../server/src/gnn/predict';
import { collate } from '../../../../server/src/graph/batch';
import { applyEdit, type GraphEdit } from '../../../../server/src/graph/edit';
import { canonicalEdges, hasEdge } from '../../../../server/src/graph/edges';
import type { FeatureLayout, Graph } from '../../../../server/src/graph/graph';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { graphOf } from '../../../support/graphs';

const backend = 'graphnad';
const labels = 4;
const layouts: readonly FeatureLayout[] = [
  { kind: 'labels', width: labels, attributeWidth: 0, labelColumns: labels },
  { kind: 'labels+attributes', width: labels + 2, attributeWidth: 2, labelColumns: labels },
  { kind: 'attributes', width: 2, attributeWidth: 2, labelColumns: 0 },
  { kind: 'degree', width: 5, attributeWidth: 0, labelColumns: 0 },
  { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 },
];

/** A graph with isolated nodes, trees, cycles and dense parts as it comes. */
function randomGraph(layout: FeatureLayout, rng: Rng, mostNodes = 60): Graph {
  const nodeCount = 1 + rng.integer(mostNodes);
  const pairs: number[] = [];
  for (let e = rng.integer(2 * nodeCount); e > 0; e--) pairs.push(rng.integer(nodeCount), rng.integer(nodeCount));
  return {
    nodeCount,
    edges: canonicalEdges(nodeCount, pairs),
    nodeLabels: Int32Array.from({ length: layout.labelColumns > 0 ? nodeCount : 0 }, () => rng.integer(labels)),
    attributes: Float32Array.from({ length: nodeCount * layout.attributeWidth }, () => rng.normal()),
    classLabel: 0,
  };
}

/** A model whose BatchNorm, if any, has statistics, scales and shifts of its own. */
function randomModel(layout: FeatureLayout, rng: Rng, readout: 'sum' | 'mean', batchNorm: boolean): GraphModel {
  const layers = 1 + rng.integer(4);
  const eps = Array.from({ length: layers }, () => (rng.uniform() < 0.5 ? 0 : rng.between(-1, 1)));
  const [hidden, classes] = [3 + rng.integer(8), 2 + rng.integer(3)];
  const model = GraphModel.random(
    { kind: 'gin', layers, hidden, inputs: layout.width, classes, readout, batchNorm, eps },
    rng,
  );
  for (const { norm } of model.linearLayers()) {
    if (norm === undefined) continue;
    tf.tidy(() => {
      norm.gamma.assign(tf.tensor1d(Float32Array.from({ length: hidden }, () => rng.between(0.5, 1.5))));
      norm.beta.assign(tf.tensor1d(Float32Array.from({ length: hidden }, () => rng.normal())));
    });
    norm.running.mean.forEach((_, j, mean) => (mean[j] = rng.normal()));
    norm.running.variance.forEach((_, j, variance) => (variance[j] = rng.between(0.2, 3)));
  }
  return model;
}

function randomBounds({ architecture }: GraphModel, rng: Rng): Bounds {
  const { layers, inputs, hidden, classes } = architecture;
  const limits = (width: number): Float32Array => Float32Array.from({ length: width }, () => rng.between(0.2, 3));
  return {
    layers: Array.from({ length: layers }, (_, i) => ({
      ...(rng.uniform() < 0.8 ? { aggregated: limits(i === 0 ? inputs : hidden) } : {}),
      ...(rng.uniform() < 0.8 ? { hidden: limits(hidden) } : {}),
      ...(rng.uniform() < 0.8 ? { output: limits(hidden) } : {}),
    })),
    ...(rng.uniform() < 0.6
      ? {
          contributions: { low: limits(classes).map((value) => -value / 10), high: limits(classes).map((v) => v / 10) },
        }
      : {}),
  };
}

/** Any edit of a graph: nodes far apart or all of them, edges in and out, appended nodes, or nothing. */
function randomEdit(graph: Graph, layout: FeatureLayout, rng: Rng): GraphEdit {
  const appended = rng.uniform() < 0.4 ? rng.integer(4) : 0;
  const nodeCount = graph.nodeCount + appended;
  const share = rng.pick([0, 0.05, 0.3, 1]);
  const removed: number[] = [];
  for (let i = 0; i < graph.edges.length; i += 2) {
    if (rng.uniform() < share) removed.push(graph.edges[i], graph.edges[i + 1]);
  }
  const added: number[] = [];
  for (let e = rng.integer(rng.pick([1, 4, 40])); e > 0; e--) {
    const [u, v] = [rng.integer(nodeCount), rng.integer(nodeCount)];
    if (!hasEdge(graph, u, v)) added.push(u, v);
  }
  const named = rng.pick([0, 1, 5, graph.nodeCount]);
  const hosts = rng.permutation(graph.nodeCount).subarray(0, named);
  const nodes = Int32Array.from([...hosts, ...Array.from({ length: appended }, (_, i) => graph.nodeCount + i)]);
  const withLabels = layout.labelColumns > 0 && (appended > 0 || rng.uniform() < 0.7);
  const withAttributes = layout.attributeWidth > 0 && (appended > 0 || rng.uniform() < 0.7);
  return {
    appended,
    removedEdges: canonicalEdges(nodeCount, removed),
    addedEdges: canonicalEdges(nodeCount, added),
    nodes,
    nodeLabels: Int32Array.from({ length: withLabels ? nodes.length : 0 }, () => rng.integer(labels)),
    attributes: Float32Array.from({ length: withAttributes ? nodes.length * layout.attributeWidth : 0 }, () =>
      rng.normal(),
    ),
  };
}

/** Largest output of each channel of a layer over the nodes of each graph, by full passes. */
function layerMaxima(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  layer: number,
  bounds?: Bounds,
): Float32Array {
  return Float32Array.from(
    graphs.flatMap((graph) => {
      const { logits, layers } = model.forward(collate([graph], layout), { bounds });
      const maxima = tf.tidy(() => [...tf.max(layers[layer].rows, 0).dataSync()]);
      tf.dispose([logits, ...layers.map(({ rows }) => rows)]);
      return maxima;
    }),
  );
}

/** Largest difference, relative to the largest logit there is. */
function difference(actual: Float32Array, expected: Float32Array): number {
  assert.equal(actual.length, expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  return actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]) / scale), 0);
}

describe('LocalForward', () => {
  before(() => selectBackend(backend));

  const settings = fc.record({
    seed: fc.nat(),
    layout: fc.constantFrom(...layouts),
    readout: fc.constantFrom('sum' as const, 'mean' as const),
    batchNorm: fc.boolean(),
    bounded: fc.boolean(),
  });

  it('has the logits of a full pass over the edited graphs', () => {
    fc.assert(
      fc.property(settings, ({ seed, layout, readout, batchNorm, bounded }) => {
        const rng = new Rng(seed);
        const model = randomModel(layout, rng, readout, batchNorm);
        const bounds = bounded ? randomBounds(model, rng) : undefined;
        const graphs = Array.from({ length: 1 + rng.integer(4) }, () => randomGraph(layout, rng));
        const local = new LocalForward(model, graphs, layout, { bounds });
        const edited = Array.from({ length: 6 }, (): EditedGraph => {
          const graph = rng.integer(graphs.length);
          return { graph, edit: randomEdit(graphs[graph], layout, rng) };
        });
        const full = edited.map(({ graph, edit }) => applyEdit(graphs[graph], edit));
        const expected = predictLogits(model, full, layout, { bounds });
        assert.ok(difference(local.logits(edited), expected) <= 1e-5, 'together');
        const single = Float32Array.from(edited.flatMap((one) => [...local.logits([one])]));
        assert.ok(difference(single, expected) <= 1e-5, 'one by one');
        const answer = local.logitsAndMaxima(edited);
        assert.deepEqual(answer.logits, local.logits(edited));
        answer.maxima.forEach((maxima, layer) => {
          assert.ok(difference(maxima, layerMaxima(model, full, layout, layer, bounds)) <= 1e-5, `layer ${layer}`);
        });
        local.dispose();
        model.dispose();
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('has the logits of a full pass over triggered graphs', () => {
    const [layout] = layouts;
    const rng = new Rng(5);
    const model = randomModel(layout, rng, 'sum', true);
    const graphs = Array.from({ length: 8 }, () => randomGraph(layout, rng, 200));
    const local = new LocalForward(model, graphs, layout);
    const marginal = new Float64Array(labels).fill(1 / labels);
    const edited = Array.from({ length: 200 }, (): EditedGraph => {
      const graph = rng.integer(graphs.length);
      const trigger = drawTrigger(rng, marginal, { newNodesShare: 0.3 });
      return { graph, edit: triggerEdit(graphs[graph], trigger, rng) };
    });
    const full = edited.map(({ graph, edit }) => applyEdit(graphs[graph], edit));
    assert.ok(difference(local.logits(edited), predictLogits(model, full, layout)) <= 1e-5);
    local.dispose();
    model.dispose();
  });

  it('answers edits that touch more nodes than are answered at once', () => {
    const layout = layouts[0];
    const nodes = 9000;
    const model = randomModel(layout, new Rng(1), 'mean', false);
    const star = graphOf(nodes, {
      edges: Array.from({ length: nodes - 1 }, (_, i) => [0, i + 1] as const),
      labels: Array.from({ length: nodes }, (_, i) => i % labels),
    });
    const local = new LocalForward(model, [star], layout);
    const nothing = new Int32Array(0);
    const hub: GraphEdit = {
      appended: 0,
      removedEdges: nothing,
      addedEdges: nothing,
      nodes: Int32Array.of(0),
      nodeLabels: Int32Array.of(3),
      attributes: new Float32Array(0),
    };
    const leaf: GraphEdit = { ...hub, nodes: Int32Array.of(7) };
    const edits = [leaf, hub, leaf];
    const expected = predictLogits(
      model,
      edits.map((edit) => applyEdit(star, edit)),
      layout,
    );
    assert.ok(difference(local.logits(edits.map((edit) => ({ graph: 0, edit }))), expected) <= 1e-5);
    local.dispose();
    model.dispose();
  });

  it('answers the same whatever was asked before, and as the model was when it was made', () => {
    const layout = layouts[1];
    const rng = new Rng(8);
    const model = randomModel(layout, rng, 'sum', true);
    const graphs = [randomGraph(layout, rng), randomGraph(layout, rng)];
    const local = new LocalForward(model, graphs, layout);
    const queries = Array.from({ length: 30 }, (_, i) => [
      { graph: i % 2, edit: randomEdit(graphs[i % 2], layout, rng) },
    ]);
    const first = queries.map((query) => local.logits(query));
    for (const variable of model.trainable()) variable.assign(tf.zerosLike(variable));
    const again = queries.reverse().map((query) => local.logits(query));
    assert.deepEqual(again.reverse(), first);
    local.dispose();
    model.dispose();
  });

  it('leaves no tensor behind', () => {
    const layout = layouts[0];
    const rng = new Rng(2);
    const model = randomModel(layout, rng, 'sum', true);
    const before = tf.memory().numTensors;
    const graph = randomGraph(layout, rng);
    const local = new LocalForward(model, [graph], layout, { bounds: randomBounds(model, rng) });
    local.logits([]);
    local.logitsAndMaxima([{ graph: 0, edit: randomEdit(graph, layout, rng) }]);
    local.logits([{ graph: 0, edit: randomEdit(graph, layout, rng) }]);
    local.dispose();
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });

  it('refuses features of another width', () => {
    const model = randomModel(layouts[0], new Rng(1), 'sum', false);
    assert.throws(
      () => new LocalForward(model, [graphOf(2)], layouts[4]),
      /takes 4 features a node, the graphs have 1/,
    );
    model.dispose();
  });
});
