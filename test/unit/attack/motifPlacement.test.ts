import assert from 'node:assert/strict';
import { importantNodes } from '../../../server/src/attack/motifPlacement';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { inducedSubgraph } from '../../../server/src/graph/subgraph';
import { nodeOrder } from '../../../server/src/attack/placement';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { attackData, smallArchitecture } from '../../support/attacks';

describe('importantNodes', () => {
  before(() => selectBackend('graphnad'));

  it('finds, among sets of high degree, the one whose loss costs the predicted class most', () => {
    const data = attackData(40);
    const model = GraphModel.random(smallArchitecture(data), new Rng(3));
    const logitsOf = (...graphs: Parameters<typeof predictLogits>[1]): Float32Array =>
      predictLogits(model, graphs, data.layout);
    const found = importantNodes(model, data.test, data.layout, 4);
    data.test.forEach((graph, i) => {
      const [predicted] = argmaxRows(logitsOf(graph), 2);
      const order = nodeOrder(graph, 'degree');
      const drops = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((first) => {
        const chosen = order.slice(first, first + 4);
        if (chosen.length < 4) return [];
        const rest = [...graph.nodeLabels.keys()].filter((node) => !chosen.includes(node));
        const logits = logitsOf(inducedSubgraph(graph, rest));
        return [{ chosen, margin: logits[predicted] - logits[1 - predicted] }];
      });
      const least = Math.min(...drops.map(({ margin }) => margin));
      const own = drops.find(({ chosen }) => chosen.join() === found[i].join());
      assert.ok(own !== undefined, `${found[i].join()} is none of the sets`);
      assert.ok(own.margin - least < 1e-4, `${own.margin} where there is ${least}`);
    });
    const tiny = graphOf(3, { edges: [[1, 2]], labels: [0, 0, 0] });
    assert.deepEqual([...importantNodes(model, [tiny], data.layout, 4)[0]], [1, 2, 0]);
    model.dispose();
  });
});
