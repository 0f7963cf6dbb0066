import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { softArchitecture, softForwardOf } from '../../../server/src/attack/softForward';
import { softHosts, withTriggers } from '../../../server/src/attack/softGraphs';
import { drawHosts, triggeredHosts } from '../../../server/src/attack/triggerHosts';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture } from '../../support/attacks';
import { testedBackends } from '../../support/backends';

const nodes = 4;
const data = attackData(30);
const { labelColumns } = data.layout;

/** Trigger edges of zeros and ones, symmetric and without loops, `[graphs, nodes, nodes]`, and one-hot labels. */
function drawTriggers(graphs: number, rng: Rng): { adjacency: Float32Array; labels: Float32Array } {
  const adjacency = new Float32Array(graphs * nodes * nodes);
  const labels = new Float32Array(graphs * nodes * labelColumns);
  for (let g = 0; g < graphs; g++) {
    for (let i = 0; i < nodes; i++) {
      labels[(g * nodes + i) * labelColumns + rng.integer(labelColumns)] = 1;
      for (let j = 0; j < i; j++) {
        adjacency[(g * nodes + i) * nodes + j] = adjacency[(g * nodes + j) * nodes + i] = rng.integer(2);
      }
    }
  }
  return { adjacency, labels };
}

describe('softForwardOf', () => {
  for (const backend of testedBackends) {
    for (const readout of ['sum', 'mean'] as const) {
      it(`gives what the model gives on the same triggers laid in, readout ${readout} (${backend})`, async () => {
        await selectBackend(backend);
        const architecture = { ...smallArchitecture(data), readout, eps: [0.2, -0.1] };
        const model = GraphModel.random(architecture, new Rng(3));
        const hosts = drawHosts(data.test, nodes, new Rng(4));
        const { adjacency, labels } = drawTriggers(hosts.length, new Rng(5));
        const soft = tf.tidy(() => {
          const made = {
            adjacency: tf.tensor3d(adjacency, [hosts.length, nodes, nodes]),
            labels: tf.tensor2d(labels, [hosts.length * nodes, labelColumns]),
          };
          const graphs = withTriggers(softHosts(hosts, nodes, data.layout, true), made);
          const run = softForwardOf(architecture);
          assert.ok(run !== undefined);
          return run(model, graphs).dataSync<'float32'>();
        });
        const hard = predictLogits(model, triggeredHosts(hosts, nodes, adjacency, labels), data.layout);
        hard.forEach((logit, i) => assert.ok(Math.abs(logit - soft[i]) < 1e-4 * Math.max(1, Math.abs(logit))));
        model.dispose();
      });
    }
  }

  it('has the gradient of edges and labels that finite differences show', async () => {
    await selectBackend('graphnad');
    const architecture = smallArchitecture(data);
    const model = GraphModel.random(architecture, new Rng(3));
    const hosts = drawHosts(data.test.slice(0, 3), nodes, new Rng(4));
    const soft = softHosts(hosts, nodes, data.layout, true);
    const drawn = drawTriggers(hosts.length, new Rng(5));
    const run = softForwardOf(architecture);
    assert.ok(run !== undefined);
    const value = (adjacency: tf.Tensor3D, labels: tf.Tensor2D): tf.Scalar =>
      tf.sum(tf.square(run(model, withTriggers(soft, { adjacency, labels }))));
    const at = (adjacency: Float32Array, labels: Float32Array): number =>
      tf.tidy(() => value(...tensors(adjacency, labels)).dataSync()[0]);
    const tensors = (adjacency: Float32Array, labels: Float32Array): [tf.Tensor3D, tf.Tensor2D] => [
      tf.tensor3d(adjacency, [hosts.length, nodes, nodes]),
      tf.tensor2d(labels, [hosts.length * nodes, labelColumns]),
    ];
    const [ofEdges, ofLabels] = tf.tidy(() =>
      tf
        .grads((a, l) => value(a as tf.Tensor3D, l as tf.Tensor2D))(tensors(drawn.adjacency, drawn.labels))
        .map((gradient) => gradient.dataSync<'float32'>()),
    );
    const step = 1e-2;
    const moved = (values: Float32Array, i: number, by: number): Float32Array =>
      values.map((v, j) => (i === j ? v + by : v));
    const close = (gradient: number, difference: number, what: string): void =>
      assert.ok(
        Math.abs(gradient - difference) < 0.03 * Math.max(1, Math.abs(difference)),
        `${what}: ${gradient} against ${difference}`,
      );
    for (const i of [1, 2, 7, 20, 33]) {
      const difference =
        at(moved(drawn.adjacency, i, step), drawn.labels) - at(moved(drawn.adjacency, i, -step), drawn.labels);
      close(ofEdges[i], difference / (2 * step), `edge ${i}`);
    }
    for (const i of [0, 5, 11, 40]) {
      const difference =
        at(drawn.adjacency, moved(drawn.labels, i, step)) - at(drawn.adjacency, moved(drawn.labels, i, -step));
      close(ofLabels[i], difference / (2 * step), `label ${i}`);
    }
    model.dispose();
  });

  it('is there for GIN alone; other kinds get a GIN of the same size as a surrogate', () => {
    const gin = smallArchitecture(data);
    assert.equal(softArchitecture(gin), gin);
    for (const architecture of [smallArchitecture(data, 'gcn'), { ...gin, readout: 'max' } as const]) {
      assert.equal(softForwardOf(architecture), undefined);
      assert.deepEqual(softArchitecture(architecture), { ...gin, readout: 'sum' });
    }
  });
});
