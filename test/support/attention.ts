import type { AttentionGraph, AttentionOverview, AttentionSide } from '../../protocol/attention';

/** One layer with the measures of concentration that its attention has, for tests. */
const layer = (attention: readonly number[], share: number, gini: number, entropy: number) => ({
  ...{ attention, share, gini, entropy },
});

const before: AttentionSide = {
  model: 0,
  triggered: true,
  labels: [9, 10, -2, null],
  edges: [
    [0, 1],
    [1, 2],
    [1, 3],
  ],
  triggerNodes: [1, 2],
  predicted: 0,
  layers: [layer([0.5, 0.5, 0.5, 0.5], 0.25, 0, 1), layer([0.0249, 0.8124, 0.4, 0.42], 0.49, 0.35, 0.77)],
};

/** Two models on one graph of four nodes with a trigger on two of them. */
export const attentionGraph: AttentionGraph = {
  id: 17,
  classLabel: 1,
  view: 'triggered',
  change: 0.214,
  before,
  after: {
    ...before,
    model: 1,
    predicted: 1,
    layers: [before.layers[0], layer([0.0251, 0.5, 0.7, 0.5], 0.41, 0.28, 0.82)],
  },
};

export const attentionOverview: AttentionOverview = {
  models: [
    { file: '/w/models/gin.pt', sha256: 'a', layers: 2 },
    { file: '/w/models/gin.purified.pt', sha256: 'b', layers: 2 },
  ],
  data: { folder: '/w/data/AIDS', hash: 'c', features: 'labels' },
  classNames: ['0', '1'],
  measure: { power: 2, weighting: 'propagate' },
  trigger: {
    target: 0,
    source: 'scan',
    summary: {
      ...{ target: 0, nodes: 2, edges: [[0, 1]], labels: null, placement: 'degree', replace: true },
    },
  },
  graphs: [
    { id: 3, classLabel: 0, nodes: 9, clean: { change: 0.004, before: 0, after: 0 } },
    {
      ...{ id: 17, classLabel: 1, nodes: 4 },
      clean: { change: 0.02, before: 1, after: 1 },
      triggered: { change: 0.214, before: 0, after: 1 },
    },
    {
      ...{ id: 21, classLabel: 1, nodes: 12 },
      clean: { change: 0.03, before: 1, after: 1 },
      triggered: { change: 0.351, before: 0, after: 0 },
    },
  ],
  ranked: { clean: [21, 17, 3], triggered: [21, 17] },
  notes: ['readout settled by clean labels: sum'],
};

/** One model on one graph as it is, and with a trigger that appends a node. */
export const appendingGraph: AttentionGraph = {
  ...attentionGraph,
  before: { ...before, triggered: false, triggerNodes: [4] },
  after: {
    ...before,
    labels: [...before.labels, 7],
    edges: [...before.edges, [0, 4]],
    triggerNodes: [4],
    layers: before.layers.map(({ attention, ...measures }) => ({ ...measures, attention: [...attention, 0.31] })),
  },
};
