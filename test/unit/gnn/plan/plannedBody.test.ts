import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { measureBounds } from '../../../../server/src/gnn/bounds';
import type { GraphModel } from '../../../../server/src/gnn/graphModel';
import { LocalForward } from '../../../../server/src/gnn/local/localForward';
import { predictLogits } from '../../../../server/src/gnn/predict';
import { collate } from '../../../../server/src/graph/batch';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { builtPlan, plannedGraphs, plannedModels, pytorchLayout } from '../../../support/pytorchModels';

function named(name: string): GraphModel {
  return builtPlan(plannedModels.find((fixture) => fixture.name === name)!);
}

function withModel(name: string, look: (model: GraphModel) => void): void {
  const model = named(name);
  look(model);
  model.dispose();
}

describe('a planned model', () => {
  before(() => selectBackend('graphnad'));

  it('is not of the usual shape, and has no local run', () => {
    withModel('gin-example', (model) => {
      assert.equal(model.isUsual, false);
      assert.equal(LocalForward.supports(model), false);
      assert.throws(() => model.parameters, /usual shape/);
    });
  });

  it('gives its weights back under the names of the file, tied ones equal', () => {
    for (const fixture of plannedModels) {
      const model = builtPlan(fixture);
      for (const [name, values] of model.exportTensors()) {
        assert.deepEqual([...values], [...fixture.tensors.get(name)!.values()].map(Number), name);
      }
      assert.deepEqual(new Set(model.stateDict().map(({ name }) => name)), new Set(fixture.tensors.keys()));
      model.dispose();
    }
    withModel('gatv2-shared', (model) => {
      tf.tidy(() => model.trainable().forEach((variable) => variable.assign(tf.add(variable, 1))));
      const tensors = model.exportTensors();
      assert.deepEqual(tensors.get('convs.0.lin_r.weight'), tensors.get('convs.0.lin_l.weight'));
    });
  });

  it('keeps constants as they are', () => {
    withModel('powerful-gnns', (model) => {
      const { tensors } = plannedModels.find(({ name }) => name === 'powerful-gnns')!;
      const eps = model.stateDict().find(({ name }) => name === 'eps')!;
      assert.deepEqual([...eps.values], [...tensors.get('eps')!.values()]);
      assert.ok(!model.exportTensors().has('eps'));
    });
  });

  it('knows the BatchNorm that its last layer comes from, where there is one', () => {
    for (const [name, has] of [
      ['gin-example', true],
      ['gin-deep', true],
      ['powerful-gnns', true],
      ['gcn-residual', false],
      ['gcn-dgl', false],
      // Behind tanh, what BatchNorm gave is not to be read.
      ['sage-variants', false],
      ['gat-averaged', false],
    ] as const) {
      withModel(name, (model) => assert.equal(model.lastNorm !== undefined, has, name));
    }
  });

  it('knows what reads its last layer: rows of zeros there silence it', () => {
    for (const { name } of plannedModels.filter(({ architecture }) => architecture.jumping === undefined)) {
      withModel(name, (model) => {
        const { weight, firstRows } = model.reader;
        const { hidden, secondReadout } = model.architecture;
        assert.deepEqual(firstRows, secondReadout === undefined ? [0] : [0, hidden]);
        assert.equal(weight.shape[0], hidden * firstRows.length);
        tf.tidy(() => weight.assign(tf.zerosLike(weight)));
        const logits = predictLogits(model, plannedGraphs, pytorchLayout);
        for (let i = 2; i < logits.length; i++) assert.equal(logits[i], logits[i % 2], name);
      });
    }
    withModel('gin-deep', (model) => assert.deepEqual(model.reader.firstRows, [4]));
    withModel('powerful-gnns', (model) => assert.deepEqual(model.reader.weight.shape, [4, 2]));
  });

  it('is bounded where it has sites, and by contributions where logits are sums of them', () => {
    for (const fixture of plannedModels) {
      const model = builtPlan(fixture);
      const { kind, readout, jumping, head = 1 } = fixture.architecture;
      assert.deepEqual(model.sites, ['gin', 'gcn'].includes(kind) ? ['aggregated', 'output'] : ['output']);
      assert.equal(model.isSumOfNodes, readout !== 'max' && jumping === undefined && head === 1);
      const bounds = measureBounds(model, plannedGraphs, pytorchLayout, { quantile: 0.5, contributions: [0.1, 0.9] });
      assert.equal(bounds.contributions !== undefined, model.isSumOfNodes);
      const batch = collate(plannedGraphs, pytorchLayout);
      const { logits, layers } = model.forward(batch, { bounds });
      layers.forEach(({ rows }, i) => {
        const limits = bounds.layers[i].output!;
        rows.dataSync().forEach((value, k) => assert.ok(value <= limits[k % limits.length] + 1e-6, fixture.name));
      });
      const free = predictLogits(model, plannedGraphs, pytorchLayout);
      assert.notDeepEqual([...logits.dataSync()], [...free]);
      tf.dispose([logits, layers.map(({ rows }) => rows)]);
      model.dispose();
    }
  });

  it('changes nothing by bounds that nothing exceeds', () => {
    for (const fixture of plannedModels) {
      const model = builtPlan(fixture);
      const bounds = measureBounds(model, plannedGraphs, pytorchLayout, { quantile: 1, contributions: [0, 1] });
      const free = predictLogits(model, plannedGraphs, pytorchLayout);
      const held = predictLogits(model, plannedGraphs, pytorchLayout, { bounds });
      // Contributions are centred over classes, which moves all logits of a graph together.
      const gaps = (logits: Float32Array): number[] => [...logits].map((value, i) => value - logits[i - (i % 2)]);
      gaps(held).forEach((gap, i) => assert.ok(Math.abs(gap - gaps(free)[i]) < 1e-3, fixture.name));
      model.dispose();
    }
  });

  it('has its linear maps in the order of computation, with the BatchNorms right behind them', () => {
    const shapes = (name: string): string[] => {
      const model = named(name);
      const found = model.linearLayers().map(({ weight, norm }) => `${weight.shape.join('>')}${norm ? ' norm' : ''}`);
      model.dispose();
      return found;
    };
    assert.deepEqual(shapes('gin-example'), ['3>4', '4>5', '5>4', '4>5', '5>4', '4>2']);
    assert.deepEqual(shapes('powerful-gnns'), ['3>4 norm', '4>4 norm', '4>4 norm', '4>4 norm', '4>2']);
    assert.deepEqual(shapes('gcn-residual'), ['3>5', '5>5', '5>5', '5>6', '6>2']);
    assert.deepEqual(shapes('gcn-dgl'), ['3>4', '4>4', '4>4', '4>5 norm', '5>4', '4>2']);
    assert.deepEqual(shapes('sage-variants'), ['3>4 norm', '4>4 norm', '4>4 norm', '4>2']);
  });

  it('has BatchNorms of graphs behind those of nodes', () => {
    withModel('gcn-dgl', (model) => assert.deepEqual(model.norms().map(({ ofGraphs }) => ofGraphs), [true])); // prettier-ignore
    withModel('gin-deep', (model) => assert.ok(model.norms().every(({ ofGraphs }) => !ofGraphs)));
  });
});
