import assert from 'node:assert/strict';
import { attentionLines, nodeAt, shadeOf, shades } from '../../../../client/attention/attentionLines';
import type { AttentionGraph } from '../../../../protocol/attention';
import { attentionText } from '../../../../server/src/report/attentionText';
import { appendingGraph, attentionGraph, attentionOverview } from '../../../support/attention';

const linesOf = (graph: AttentionGraph): string[] => attentionText(attentionOverview, graph).before.split('\n');

describe('attentionLines', () => {
  it('finds the layers and nodes of the text that the server writes', () => {
    const lines = linesOf(attentionGraph);
    const layers = attentionLines(lines);
    assert.deepEqual(
      layers.map(({ layer, line, end, figures }) => [layer, line, end, figures]),
      [
        [1, 5, 10, 'top 5% share 25%   Gini 0.00   entropy 1.00'],
        [2, 12, 17, 'top 5% share 49%   Gini 0.35   entropy 0.77'],
      ],
    );
    for (const [index, { nodes }] of layers.entries()) {
      const { attention } = attentionGraph.before.layers[index];
      assert.deepEqual(
        nodes.map((node) => [node.node, node.attention]),
        attention.map((value, node) => [node, Number(value.toFixed(2))]),
      );
      for (const { line, bar, trigger, node } of nodes) {
        assert.match(lines[line].slice(...bar), /^#*$/);
        assert.equal(bar[1] - bar[0], lines[line].split('#').length - 1, 'the whole bar');
        assert.equal(trigger === undefined, ![1, 2].includes(node));
        if (trigger !== undefined) assert.equal(lines[line].slice(trigger, trigger + 7), 'trigger');
      }
    }
  });

  it('knows nodes that a side has not got, and that they have no bar', () => {
    const [{ nodes }] = attentionLines(linesOf(appendingGraph));
    assert.equal(nodes.length, 5);
    const { attention, bar, trigger } = nodes[4];
    assert.deepEqual([attention, bar[1] - bar[0], trigger !== undefined], [undefined, 0, true]);
  });

  it('finds nothing in other text', () => {
    assert.deepEqual(attentionLines(['The attention could not be computed: the file is gone', '']), []);
  });

  it('tells which node a line is about', () => {
    const layers = attentionLines(linesOf(attentionGraph));
    assert.equal(nodeAt(layers, 15)?.layer, 2);
    assert.equal(nodeAt(layers, 15)?.node.node, 1);
    for (const line of [0, 4, 5, 6, 11, 18]) assert.equal(nodeAt(layers, line), undefined);
  });
});

describe('shadeOf', () => {
  it('has the same number of steps as there are colours, from none to all', () => {
    assert.deepEqual([0, 0.19, 0.2, 0.4, 0.6, 0.8, 1].map(shadeOf), [0, 0, 1, 2, 3, 3, 3]);
    assert.equal(shadeOf(1), shades - 1);
  });
});
