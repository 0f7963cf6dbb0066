import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseTriggerFile, TriggerFileError, type TriggerFile } from '../../../server/src/attack/triggerFile';
import { attackedGraphs, triggeredGraphs } from '../../../server/src/attack/triggeredGraphs';
import { encodeDataset } from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import type { FeatureLayout, Graph } from '../../../server/src/graph/graph';
import type { Rng } from '../../../server/src/graph/rng';
import { edgePairs, graphOf } from '../../support/graphs';
import { sharedOrSkip } from '../../support/shared';

const layout: FeatureLayout = { kind: 'labels', width: 4, attributeWidth: 0, labelColumns: 4 };
const square = [
  [0, 1],
  [1, 2],
  [2, 3],
  [0, 3],
] as const;
const graphs = [
  graphOf(4, { edges: square, labels: [0, 1, 2, 3], classLabel: 0 }),
  graphOf(4, { edges: square, labels: [0, 0, 0, 0], classLabel: 1 }),
  graphOf(2, { edges: [[0, 1]], labels: [1, 1], classLabel: 0 }),
  graphOf(4, { edges: square, labels: [3, 2, 1, 0], classLabel: 0 }),
];
const built: TriggerFile = {
  kind: 'made',
  target: 1,
  seed: 0,
  nodes: 3,
  trigger: { nodes: 3, edges: [[0, 2]], labels: [3, 3, 3], placement: 'random', replace: true },
};
const given: TriggerFile = {
  kind: 'gta',
  target: 1,
  seed: 0,
  nodes: 3,
  graphs: new Map([
    [1, { labels: null, edges: [] }],
    [
      2,
      {
        labels: [0, 1, 2],
        edges: [
          [2, 0],
          [0, 1],
        ],
      },
    ],
    [3, { labels: null, edges: [[1, 0]] }],
  ]),
};
const all = [0, 1, 2, 3];

function refusal(trigger: TriggerFile, ids = all, features = layout): TriggerFileError {
  try {
    triggeredGraphs(trigger, graphs, ids, features, 2, 't.json');
  } catch (error) {
    if (error instanceof TriggerFileError) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

describe('attackedGraphs', () => {
  it('puts the trigger into those of the test graphs that can be attacked, by the same draws from the same seed', () => {
    const draws: number[] = [];
    const trigger = {
      ...({ kind: 'subgraph', target: 1, nodes: 3 } as const),
      apply: (hosts: readonly Graph[], rng: Rng): Graph[] => {
        draws.push(rng.uniform());
        return hosts.map((host) => ({ ...host, edges: new Int32Array(0) }));
      },
    };
    const attacked = attackedGraphs(trigger, graphs, [3, 2, 1, 0], 5);
    assert.deepEqual(attacked.ids, [3, 0]);
    assert.deepEqual(
      attacked.graphs.map(({ nodeLabels }) => [...nodeLabels]),
      [
        [3, 2, 1, 0],
        [0, 1, 2, 3],
      ],
    );
    for (const seed of [5, 6]) attackedGraphs(trigger, graphs, [0], seed);
    assert.equal(draws[1], draws[0]);
    assert.notEqual(draws[2], draws[0]);
  });
});

describe('triggeredGraphs', () => {
  it('builds versions of the graphs of other classes that are larger than the trigger', () => {
    const made = triggeredGraphs(built, graphs, all, layout, 2, 't');
    assert.deepEqual(made.ids, [0, 3]);
    assert.ok(made.graphs.every((graph) => graph.classLabel === 0));
    assert.ok(made.graphs.every((graph) => graph.nodeLabels.filter((label) => label === 3).length >= 3));
  });

  it('builds the same version of a graph whichever others are asked for', () => {
    const both = triggeredGraphs(built, graphs, [0, 3], layout, 2, 't');
    assert.deepEqual(triggeredGraphs(built, graphs, [3], layout, 2, 't').graphs[0], both.graphs[1]);
  });

  it('takes given graphs as they are', () => {
    const taken = triggeredGraphs(given, graphs, all, layout, 2, 't');
    assert.deepEqual(taken.ids, [2, 3]);
    assert.deepEqual(
      taken.graphs[0],
      graphOf(3, {
        edges: [
          [0, 1],
          [0, 2],
        ],
        labels: [0, 1, 2],
      }),
    );
    assert.deepEqual(taken.graphs[1], graphOf(4, { edges: [[0, 1]], labels: [3, 2, 1, 0] }));
  });

  it('takes the structure alone for features without labels, and mean attributes for new nodes', () => {
    const attributed = graphs.map((graph) => ({
      ...graph,
      nodeLabels: new Int32Array(0),
      attributes: Float32Array.from({ length: graph.nodeCount }, (_, i) => i),
    }));
    const attributes: FeatureLayout = { kind: 'attributes', width: 1, attributeWidth: 1, labelColumns: 0 };
    const [first] = triggeredGraphs(given, attributed, [2], attributes, 2, 't').graphs;
    assert.deepEqual(edgePairs(first), [
      [0, 1],
      [0, 2],
    ]);
    assert.equal(first.nodeLabels.length, 0);
    assert.deepEqual([...first.attributes], [0, 1, 0.5]);
  });

  it('keeps the labels of edges that a given graph has too, and gives others label 0', () => {
    const labelled = graphs.map((graph) => ({ ...graph, edgeLabels: new Int32Array(graph.edges.length / 2).fill(2) }));
    const [first, second] = triggeredGraphs(given, labelled, all, layout, 2, 't').graphs;
    assert.deepEqual(edgePairs(first), [
      [0, 1],
      [0, 2],
    ]);
    assert.deepEqual([...(first.edgeLabels ?? [])], [2, 0]);
    assert.deepEqual([...(second.edgeLabels ?? [])], [2]);
  });

  it('says what does not fit', () => {
    const noLabels: FeatureLayout = { kind: 'degree', width: 3, attributeWidth: 0, labelColumns: 0 };
    const trigger = built.trigger ?? assert.fail();
    const withGraph = (labels: number[] | null, edges: [number, number][]): TriggerFile => ({
      ...given,
      graphs: new Map([[0, { labels, edges }]]),
    });
    const cases: [TriggerFileError, string, RegExp][] = [
      [refusal({ ...built, target: 2 }), 'target', /class 2 does not exist: the model has 2/],
      [refusal({ ...built, trigger: { ...trigger, labels: [0, 9, 0] } }), 'labels[1]', /label column 9 does not exist/],
      [refusal(built, all, noLabels), 'labels[0]', /"degree" hold no labels/],
      [refusal({ ...built, trigger: { ...trigger, attributes: [[1]] } }), 'features[0]', /1 attributes, but .* 0/],
      [refusal(built, [1, 2]), '', /no test graph is of another class than 1/],
      [refusal(given, [0, 1]), '', /none of the test graphs/],
      [refusal(withGraph([0, 1], []), [0]), 'graphs["0"].labels', /2 nodes, fewer than the 4/],
      [refusal(withGraph([0, 1, 2, 4], []), [0]), 'graphs["0"].labels[3]', /label column 4/],
      [
        refusal(
          withGraph(null, [
            [0, 1],
            [0, 4],
          ]),
          [0],
        ),
        'graphs["0"].edges[1]',
        /has 4 nodes/,
      ],
    ];
    for (const [error, place, reason] of cases) {
      assert.equal(error.place, place);
      assert.match(error.reason, reason);
    }
  });
});

interface Fixture {
  readonly features: 'labels' | 'labels-dense';
  readonly splits: { readonly test: number[] };
}

/** Attacks whose host nodes are not drawn at random: the definition alone gives the triggered graphs. */
const deterministic = [
  ['AIDS', 'aids-gin-topology-s0'],
  ['AIDS', 'aids-gin-motif-s0'],
  ['PROTEINS', 'proteins-gin-topology-s0'],
];
describe('triggered graphs of the fixtures', () => {
  for (const [data, name] of deterministic) {
    it(`${name}: the definition gives the graphs that the file holds`, async function () {
      const file = sharedOrSkip(this, 'fixtures', 'models', `${name}.json`);
      const dataset = await loadDataset(sharedOrSkip(this, 'data', 'tu', data));
      const text = await readFile(file, 'utf8');
      const fixture = JSON.parse(text) as Fixture;
      const encoded = encodeDataset(dataset, fixture.features);
      const { graphs: held, ...definition } = parseTriggerFile(text, name);
      const make = (trigger: TriggerFile): ReturnType<typeof triggeredGraphs> =>
        triggeredGraphs(trigger, encoded.graphs, fixture.splits.test, encoded.layout, 2, name);
      assert.ok(held);
      const asHeld = make({ ...definition, graphs: held });
      const asBuilt = make(definition);
      assert.equal(asHeld.ids.length, held.size);
      // The motif attack was also measured on graphs of exactly the trigger's size.
      assert.ok(asBuilt.ids.length > 0.95 * held.size);
      for (const [i, id] of asBuilt.ids.entries()) {
        assert.deepEqual(asBuilt.graphs[i], asHeld.graphs[asHeld.ids.indexOf(id)], `graph ${id}`);
      }
    });
  }
});
