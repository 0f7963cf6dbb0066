import assert from 'node:assert/strict';
import { mostChangedLayer, nodeDetails, nodeName, shadeOf } from '../../../../webview/attention/nodeText';
import { appendingGraph, attentionGraph } from '../../../support/attention';

describe('what is said of a node', () => {
  it('names it with its attention on one side', () => {
    assert.equal(nodeName(attentionGraph.before, 2, 1), 'Node 1, label 10, carries the trigger, attention 0.81');
    assert.equal(nodeName(attentionGraph.before, 2, 3), 'Node 3, attention 0.42');
  });

  it('compares it on both', () => {
    assert.equal(
      nodeDetails(attentionGraph, 2, 2),
      'Node 2 · label -2 · carries the trigger · degree 1 · attention 0.40 before, 0.70 after',
    );
    assert.equal(
      nodeDetails(appendingGraph, 1, 4),
      'Node 4 · label 7 · carries the trigger · degree 1 · attention none before, 0.31 after',
    );
  });
});

describe('mostChangedLayer', () => {
  it('is the layer with the largest distance, a node that one side has not got included', () => {
    assert.equal(mostChangedLayer(attentionGraph), 2);
    assert.equal(mostChangedLayer(appendingGraph), 1, 'the first of equals');
  });
});

describe('shadeOf', () => {
  it('tells none from little, and little from much', () => {
    assert.deepEqual([0, 0.004, 0.01, 0.2, 0.4, 0.6, 1].map(shadeOf), [0, 0, 1, 2, 3, 4, 4]);
  });
});
