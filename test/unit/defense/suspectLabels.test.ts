import assert from 'node:assert/strict';
import { softmaxRows } from '../../../server/src/defense/softLabels';
import { SuspectLabels } from '../../../server/src/defense/suspectLabels';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';

const layout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 } as const;

function ring(nodes: number, classLabel: number): Graph {
  return graphOf(nodes, {
    classLabel,
    edges: Array.from({ length: nodes }, (_, v) => [v, (v + 1) % nodes] as const),
    labels: Array.from({ length: nodes }, (_, v) => (v * v) % 3),
  });
}

describe('SuspectLabels', () => {
  let suspect: GraphModel;

  before(async () => {
    await selectBackend('graphnad');
    suspect = GraphModel.random(
      { kind: 'gin', layers: 2, hidden: 8, inputs: 3, classes: 2, readout: 'mean', batchNorm: true, eps: [0, 0] },
      new Rng(5),
    );
  });

  after(() => suspect.dispose());

  it('are the answers of the suspect, on copies of clean graphs the mean with their class', () => {
    const graphs = [ring(5, 1), ring(8, 0), ring(6, 0)];
    const labels = new SuspectLabels({ suspect, layout, options: { labelEntropy: 1 } });
    const answers = softmaxRows(predictLogits(suspect, graphs, layout), 2);
    const found = labels.of({ graphs, source: Int32Array.of(0, -1, -1) });
    assert.deepEqual([...found.subarray(2)], [...answers.subarray(2)]);
    assert.ok(Math.abs(found[0] - answers[0] / 2) < 1e-7);
    assert.ok(Math.abs(found[1] - (answers[1] / 2 + 0.5)) < 1e-7);
  });

  it('are as sharp on later pools as the first one asked for', () => {
    const graphs = [ring(5, 1), ring(8, 0), ring(6, 0)];
    const source = new Int32Array(3).fill(-1);
    const labels = new SuspectLabels({ suspect, layout, options: { labelEntropy: 0.05 } });
    const first = labels.of({ graphs, source });
    const alone = labels.of({ graphs: [graphs[1]], source: source.subarray(1, 2) });
    assert.deepEqual([...alone], [...first.subarray(2, 4)]);
    const soft = softmaxRows(predictLogits(suspect, graphs, layout), 2);
    assert.ok(Math.max(...first) > Math.max(...soft));
  });
});
