import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { modelKinds, readouts, type ArchitectureSummary } from '../../../protocol/model';
import { attentionLoss, attentionMaps } from '../../../server/src/defense/attention';
import { randomProjections, relationLoss, relationMatrices } from '../../../server/src/defense/relation';
import type { Bounds, ForwardOptions } from '../../../server/src/gnn/forward';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { collate, type GraphBatch } from '../../../server/src/graph/batch';
import { foldingOf, unfolded } from '../../../server/src/graph/fold';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { arbitraryGraph, graphOf } from '../../support/graphs';
import { arbitraryLayout } from '../../support/layouts';
import { layerRows, nodeValues } from '../../support/layers';
import { assertClose } from '../defense/assertClose';

const [hidden, classes] = [6, 3];

interface Outcome {
  readonly logits: Float32Array;
  /** Outputs of every layer at every node. */
  readonly layers: readonly Float32Array[];
  /** Gradients of a loss of logits, attention and relations, of every variable. */
  readonly gradients: readonly Float32Array[];
  /** Statistics of BatchNorm afterwards, among all tensors. */
  readonly state: ReadonlyMap<string, Float32Array>;
}

/** Everything a copy of the model computes of a batch. */
function outcome(original: GraphModel, batch: GraphBatch, options: ForwardOptions): Outcome {
  const model = original.clone();
  const variables = model.trainable();
  const chosen = Int32Array.from({ length: batch.graphCount }, (_, g) => g);
  const result = tf.tidy(() => {
    const rng = new Rng(5);
    const projections = randomProjections(hidden, 4, rng);
    const mix = (...shape: number[]): tf.Tensor =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => rng.normal()),
        shape,
      );
    const logitMix = mix(batch.graphCount, classes);
    const teacherMaps = [1, 2, 3].map(() => mix(batch.nodeCount) as tf.Tensor1D);
    const teacherRelations = [1, 2, 3].map(() => mix(batch.graphCount, hidden, hidden) as tf.Tensor3D);
    let logits = new Float32Array();
    let layers: Float32Array[] = [];
    const { grads } = tf.variableGrads(() => {
      const output = model.forward(batch, options);
      logits = output.logits.dataSync<'float32'>().slice();
      layers = output.layers.map(nodeValues);
      const maps = attentionMaps(output.layers, batch, { power: 2, weighting: 'propagate' });
      return tf.addN<tf.Scalar>([
        tf.sum(tf.mul(output.logits, logitMix)),
        attentionLoss(maps, teacherMaps, batch.graphCount),
        relationLoss(relationMatrices(output.layers, batch, chosen), teacherRelations, () => projections),
      ]);
    }, variables);
    const gradients = variables.map((variable) => grads[variable.name].dataSync<'float32'>().slice());
    return { logits, layers, gradients };
  });
  const state = model.exportTensors();
  model.dispose();
  return { ...result, state };
}

/** @param tolerance of values, relative; gradients may differ ten times as much */
function assertSame(actual: Outcome, expected: Outcome, tolerance = 1e-5): void {
  assertClose(actual.logits, expected.logits, 'logits', tolerance);
  actual.layers.forEach((layer, l) => assertClose(layer, expected.layers[l], `layer ${l}`, tolerance));
  for (const [name, values] of actual.state) assertClose(values, expected.state.get(name) ?? [], name, tolerance);
  const largest = Math.max(...expected.gradients.map((gradient) => Math.hypot(...gradient)));
  actual.gradients.forEach((gradient, i) => {
    gradient.forEach((slope, k) => {
      const error = Math.abs(slope - expected.gradients[i][k]);
      assert.ok(
        error <= 10 * tolerance * largest,
        `variable ${i}, [${k}]: ${slope} instead of ${expected.gradients[i][k]}`,
      );
    });
  });
}

/** A kind of model and its readout. */
const arbitraryKind = fc.record({ kind: fc.constantFrom(...modelKinds), readout: fc.constantFrom(...readouts) });
type Kind = Pick<ArchitectureSummary, 'kind' | 'readout'>;

function randomModel(inputs: number, { kind, readout }: Kind, batchNorm: boolean, rng: Rng): GraphModel {
  return GraphModel.random(
    {
      ...{ kind, layers: 3, hidden, inputs, classes, readout, batchNorm },
      ...(kind === 'gin' && { eps: [0.3, -0.2, 0] }),
      ...(kind.startsWith('gat') && { heads: 2 }),
    },
    rng,
  );
}

function randomBounds(inputs: number, { kind, readout }: Kind, rng: Rng): Bounds {
  const limit = (width: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length: width }, () => rng.between(low, high));
  const layer = (width: number): Bounds['layers'][number] => ({
    aggregated: limit(kind === 'sage' ? 2 * width : width, 0.5, 4),
    hidden: limit(hidden, 0.1, 1.5),
    output: limit(hidden, 0.1, 1.5),
  });
  return {
    layers: [layer(inputs), layer(hidden), layer(hidden)],
    ...(readout !== 'max' && { contributions: { low: limit(classes, -0.3, 0), high: limit(classes, 0, 0.3) } }),
  };
}

/** Graphs of 10 nodes with random edges, labels and attributes. */
function variedGraphs(count: number, rng: Rng): Graph[] {
  return Array.from({ length: count }, () =>
    graphOf(10, {
      edges: Array.from({ length: 14 }, () => [rng.integer(10), rng.integer(10)] as const),
      labels: Array.from({ length: 10 }, () => rng.integer(5)),
      attributes: Array.from({ length: 20 }, () => rng.normal()),
    }),
  );
}

/** How many random cases are run: plain JavaScript is slow, and TensorFlow slow to start each operation. */
const cases = { cpu: 15, graphnad: 60, tensorflow: 15 };

for (const backend of testedBackends) {
  describe(`folded batches on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('have the logits, layers, gradients and statistics of unfolded ones, for any graphs, features and bounds', () => {
      fc.assert(
        fc.property(
          fc.array(arbitraryGraph, { minLength: 1, maxLength: 5 }),
          arbitraryLayout,
          arbitraryKind,
          fc.boolean(),
          fc.boolean(),
          (graphs, layout, kind, bounded, batchNorm) => {
            // The first graphs come twice, as graphs and their triggered copies nearly do.
            const batch = collate([...graphs, ...graphs.slice(0, 2)], layout);
            const rng = new Rng(batch.nodeCount);
            const model = randomModel(layout.width, kind, batchNorm, rng);
            const options = bounded ? { bounds: randomBounds(layout.width, kind, rng) } : {};
            assertSame(outcome(model, batch, options), outcome(model, batch, { ...options, folding: unfolded(batch) }));
            model.dispose();
          },
        ),
        { seed: 8, numRuns: cases[backend] },
      );
    });

    it('have the batch statistics, running statistics and gradients of unfolded ones in training', () => {
      // BatchNorm blows rounding up where a batch has nothing but equal nodes, so every batch gets company.
      const company = variedGraphs(6, new Rng(1));
      fc.assert(
        fc.property(
          fc.array(arbitraryGraph, { minLength: 1, maxLength: 4 }),
          arbitraryLayout.filter(({ width }) => width > 1),
          arbitraryKind,
          (graphs, layout, kind) => {
            const batch = collate([...graphs, ...company, ...graphs, ...company.slice(0, 3)], layout);
            const model = randomModel(layout.width, kind, true, new Rng(batch.nodeCount));
            const training = { training: true };
            const plain = outcome(model, batch, { ...training, folding: unfolded(batch) });
            assertSame(outcome(model, batch, training), plain, 1e-4);
            model.dispose();
          },
        ),
        { seed: 8, numRuns: cases[backend] / 3 },
      );
    });

    it('are the same where all is equal: nodes without edges and with the same label', () => {
      const layout = { kind: 'labels', width: 5, attributeWidth: 0, labelColumns: 5 } as const;
      const batch = collate([graphOf(1, { labels: [1] }), graphOf(3, { labels: [1, 1, 1] })], layout);
      assert.equal(foldingOf(batch).level(3).count, 1);
      for (const kind of modelKinds) {
        const model = randomModel(5, { kind, readout: 'sum' }, false, new Rng(1));
        assertSame(outcome(model, batch, {}), outcome(model, batch, { folding: unfolded(batch) }));
        model.dispose();
      }
    });

    it('leave no tensors behind', () => {
      const before = tf.memory().numTensors;
      const batch = collate([graphOf(3, { edges: [[0, 1]] })], { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 }); // prettier-ignore
      for (const kind of modelKinds) {
        for (const readout of readouts) {
          const model = randomModel(1, { kind, readout }, true, new Rng(2));
          const { logits, layers } = model.forward(batch);
          tf.dispose([logits, ...layerRows(layers)]);
          model.dispose();
        }
      }
      assert.equal(tf.memory().numTensors, before);
    });
  });
}
