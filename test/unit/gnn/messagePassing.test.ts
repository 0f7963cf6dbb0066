import assert from 'node:assert/strict';
import {
  aggregatedFeatures,
  meanAndOwn,
  neighbourhoods,
  normalisedAggregation,
  readoutMatrix,
  refinement,
  sumAggregation,
} from '../../../server/src/gnn/messagePassing';
import { collate } from '../../../server/src/graph/batch';
import { foldingOf, unfolded } from '../../../server/src/graph/fold';
import type { FeatureLayout } from '../../../server/src/graph/graph';
import { graphOf } from '../../support/graphs';
import { denseOf } from '../../support/sparse';

const layout: FeatureLayout = { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 };
/** A star of three leaves with one label, and a lone pair. */
const star = graphOf(4, {
  edges: [
    [0, 1],
    [0, 2],
    [0, 3],
  ],
  labels: [0, 1, 1, 1],
});
const pair = graphOf(2, { edges: [[0, 1]], labels: [1, 0] });
const batch = collate([star, pair], layout);

describe('messagePassing', () => {
  it('sums a class and its neighbours, as often as there are any', () => {
    const folding = foldingOf(batch);
    // Level 0: label 0, label 1. Level 1: the hub, the leaves and the end of the pair with the same label, its other end.
    assert.deepEqual([...folding.level(1).classOf], [0, 1, 1, 1, 1, 2]);
    assert.deepEqual(denseOf(sumAggregation(batch, folding, 1, 1.5)), [
      [1.5, 3],
      [1, 1.5],
      [1.5, 1],
    ]);
    // Level 2: hub, leaves, and each end of the pair.
    assert.deepEqual(denseOf(sumAggregation(batch, folding, 2, 1)), [
      [1, 3, 0],
      [1, 1, 0],
      [0, 1, 1],
      [0, 1, 1],
    ]);
    assert.equal(sumAggregation(batch, folding, 2, 1), sumAggregation(batch, folding, 2, 1));
    assert.notEqual(sumAggregation(batch, folding, 2, 1), sumAggregation(batch, folding, 2, 1.5));
  });

  it('sums nodes and their neighbours where nothing is folded', () => {
    assert.deepEqual(denseOf(sumAggregation(batch, unfolded(batch), 2, 0.5)), [
      [0.5, 1, 1, 1, 0, 0],
      [1, 0.5, 0, 0, 0, 0],
      [1, 0, 0.5, 0, 0, 0],
      [1, 0, 0, 0.5, 0, 0],
      [0, 0, 0, 0, 0.5, 1],
      [0, 0, 0, 0, 1, 0.5],
    ]);
  });

  it('aggregates the input features', () => {
    const folding = foldingOf(batch);
    assert.deepEqual([...aggregatedFeatures(batch, folding, sumAggregation(batch, folding, 1, 2))], [2, 3, 1, 2, 2, 1]);
    const plain = unfolded(batch);
    assert.deepEqual(
      [...aggregatedFeatures(batch, plain, sumAggregation(batch, plain, 1, 2))],
      [2, 3, 1, 2, 1, 2, 1, 2, 1, 2, 2, 1],
    );
  });

  it('weighs by the roots of degrees for GCN, self-loops counted', () => {
    const folding = foldingOf(batch, { byDegree: true });
    // Level 1: hub, leaves, and each end of the pair.
    assert.deepEqual([...folding.level(1).classOf], [0, 1, 1, 1, 2, 3]);
    const half = Math.fround(1 / Math.sqrt(8));
    assert.deepEqual(denseOf(normalisedAggregation(batch, folding, 2)), [
      [0.25, Math.fround(3 * half), 0, 0],
      [half, 0.5, 0, 0],
      [0, 0, 0.5, 0.5],
      [0, 0, 0.5, 0.5],
    ]);
  });

  it('puts the mean of the neighbours over the own row for GraphSAGE, zero where there are none', () => {
    const lone = collate([star, graphOf(1, { labels: [1] })], layout);
    const folding = foldingOf(lone);
    assert.deepEqual(denseOf(meanAndOwn(lone, folding, 1)), [
      [0, 1],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ]);
  });

  it('lets classes attend to each other on the finer level, to which rows are handed', () => {
    const folding = foldingOf(batch);
    assert.deepEqual(denseOf(neighbourhoods(batch, folding, 1)), [
      [1, 3, 0],
      [1, 1, 0],
      [0, 1, 1],
    ]);
    assert.deepEqual(denseOf(refinement(folding, 1)), [
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('reads out sums and means over the nodes of each graph', () => {
    const classes = foldingOf(batch).level(1);
    assert.deepEqual(denseOf(readoutMatrix(batch, classes, 'sum')), [
      [1, 3, 0],
      [0, 1, 1],
    ]);
    assert.deepEqual(denseOf(readoutMatrix(batch, classes, 'mean')), [
      [0.25, 0.75, 0],
      [0, 0.5, 0.5],
    ]);
  });
});
