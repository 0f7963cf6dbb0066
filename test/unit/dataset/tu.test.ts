import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { parseTu } from '../../../server/src/dataset/tu';
import { edgePairs } from '../../support/graphs';
import { sharedOrSkip } from '../../support/shared';

/** A triangle with a tail of class 5, and a pair of class -1. */
const example: Readonly<Record<string, string>> = {
  'A.txt': '1, 2\n2, 1\n2, 3\n3, 1\n4, 3\n2, 2\n5, 6\n',
  'graph_indicator.txt': '1\n1\n1\n1\n2\n2\n',
  'graph_labels.txt': '5\n-1\n',
  'node_labels.txt': '3\n1\n3\n7\n1\n1\n',
  'node_attributes.txt': '0.5, 1\n1.5, 2\n2.5, 3\n3.5, 4\n4.5, 5\n5.5, 6\n',
};

function filesOf(parts: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map(Object.entries(parts).map(([part, text]) => [`X_${part}`, new TextEncoder().encode(text)]));
}

function refusal(changes: Readonly<Record<string, string | undefined>>): DatasetError {
  const parts = Object.fromEntries(Object.entries({ ...example, ...changes }).filter(([, text]) => text !== undefined));
  try {
    parseTu('X', filesOf(parts as Record<string, string>));
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

describe('parseTu', () => {
  it('reads graphs, classes, labels and attributes', () => {
    const dataset = parseTu('X', filesOf(example));
    assert.equal(dataset.name, 'X');
    assert.deepEqual(dataset.classNames, ['-1', '5']);
    assert.deepEqual(dataset.distinctNodeLabels, [1, 3, 7]);
    assert.equal(dataset.attributeWidth, 2);
    const [first, second] = dataset.rawGraphs;
    assert.deepEqual(edgePairs(first), [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 3],
    ]);
    assert.deepEqual([...first.nodeLabels], [3, 1, 3, 7]);
    assert.deepEqual([...second.attributes], [4.5, 5, 5.5, 6]);
    assert.deepEqual([first.classLabel, second.classLabel], [1, 0]);
    assert.deepEqual([first.nodeCount, second.nodeCount], [4, 2]);
  });

  it('reads attributes of edges where those of nodes are whole numbers', () => {
    const whole = { ...example, 'node_attributes.txt': '1,0\n2,0\n3,0\n4,0\n5,1\n6,0\n' };
    const edges = '1,0\n1,0\n2,0\n3,0\n0,1\n9,9\n4,0\n';
    const dataset = parseTu('X', filesOf({ ...whole, 'edge_attributes.txt': edges, 'edge_labels.txt': 'not read' }));
    assert.equal(dataset.edgeAttributeWidth, 2);
    assert.deepEqual(edgePairs(dataset.rawGraphs[0]), [[0, 1], [0, 2], [1, 2], [2, 3]]); // prettier-ignore
    assert.deepEqual([...(dataset.rawGraphs[0].edgeAttributes ?? [])], [1, 0, 3, 0, 2, 0, 0, 1]);
    assert.deepEqual([...(dataset.rawGraphs[1].edgeAttributes ?? [])], [4, 0]);
    const labels = parseTu('X', filesOf({ ...whole, 'edge_labels.txt': '1\n1\n2\n3\n0\n9\n4\n' }));
    assert.deepEqual([...(labels.rawGraphs[0].edgeAttributes ?? [])], [1, 3, 2, 0]);
    assert.notEqual(labels.hash, parseTu('X', filesOf(whole)).hash);
    const problems: readonly (readonly [string, string | undefined])[] = [
      ['1\n', 'X_edge_attributes.txt: 1 lines for 7 edges'],
      [`${edges}x`, 'X_edge_attributes.txt, line 8: expected 2 numbers, found 1'],
      [edges.replace('1,0', '7,0'), 'X_edge_attributes.txt, line 2: the same edge has other attributes in line 1'],
      [edges.replace('9,9', '0.5,9'), undefined],
    ];
    for (const [text, problem] of problems) {
      const read = parseTu('X', filesOf({ ...whole, 'edge_attributes.txt': text }));
      assert.deepEqual(read, {
        ...parseTu('X', filesOf(whole)),
        ...(problem !== undefined && { edgeProblem: problem }),
      });
    }
  });

  it('does not look at attributes of edges that no model could take', () => {
    const dataset = parseTu('X', filesOf({ ...example, 'edge_attributes.txt': 'broken', 'edge_labels.txt': '1\n' }));
    assert.deepEqual(dataset, parseTu('X', filesOf(example)));
  });

  it('hashes the contents of the files in name order', () => {
    const names = Object.keys(example).sort();
    const expected = createHash('sha256')
      .update(names.map((name) => example[name]).join(''))
      .digest('hex');
    assert.equal(parseTu('X', filesOf({ ...example, 'edge_labels.txt': 'unread' })).hash, expected);
  });

  it('does without labels and attributes', () => {
    const files = filesOf(example);
    files.delete('X_node_labels.txt');
    files.delete('X_node_attributes.txt');
    const { rawGraphs, distinctNodeLabels, attributeWidth } = parseTu('X', files);
    assert.deepEqual(distinctNodeLabels, []);
    assert.equal(attributeWidth, 0);
    assert.equal(rawGraphs[0].nodeLabels.length + rawGraphs[0].attributes.length, 0);
  });

  const cases: [string, Readonly<Record<string, string | undefined>>, string, number | undefined, RegExp][] = [
    ['a missing file', { 'graph_labels.txt': undefined }, 'graph_labels.txt', undefined, /missing/],
    ['no graphs', { 'graph_labels.txt': '\n' }, 'graph_labels.txt', undefined, /no graphs/],
    [
      'a class that is no whole number',
      { 'graph_labels.txt': '1\n0.5\n' },
      'graph_labels.txt',
      2,
      /0.5 is not a whole/,
    ],
    [
      'several classes a graph',
      { 'graph_labels.txt': '1 0\n0 1\n' },
      'graph_labels.txt',
      1,
      /expected 1 number, found 2/,
    ],
    ['node 0', { 'A.txt': '1, 2\n0, 1\n' }, 'A.txt', 2, /node 0 does not exist: nodes are counted from 1 to 6/],
    ['a node too many', { 'A.txt': '1, 7\n' }, 'A.txt', 1, /node 7 does not exist/],
    ['an edge between graphs', { 'A.txt': '\n4, 5\n' }, 'A.txt', 2, /joins node 4 of graph 1 to node 5 of graph 2/],
    ['an edge of three numbers', { 'A.txt': '1, 2, 3\n' }, 'A.txt', 1, /expected 2 numbers, found 3/],
    ['graph 0', { 'graph_indicator.txt': '0\n1\n1\n1\n2\n2\n' }, 'graph_indicator.txt', 1, /counted from 1/],
    ['a graph without class', { 'graph_indicator.txt': '1\n1\n1\n1\n2\n3\n' }, 'graph_indicator.txt', 6, /has no line/],
    ['graphs out of order', { 'graph_indicator.txt': '1\n1\n2\n1\n2\n2\n' }, 'graph_indicator.txt', 4, /after a node/],
    [
      'a graph without nodes',
      { 'graph_labels.txt': '1\n2\n3\n' },
      'graph_indicator.txt',
      undefined,
      /graph 3 has no nodes/,
    ],
    ['a gap in the graphs', { 'graph_indicator.txt': '2\n2\n' }, 'graph_indicator.txt', 1, /graph 1 has no nodes/],
    ['too few node labels', { 'node_labels.txt': '1\n2\n' }, 'node_labels.txt', undefined, /2 lines for 6 nodes/],
    ['several labels a node', { 'node_labels.txt': '1 2\n' }, 'node_labels.txt', 1, /expected 1 number, found 2/],
    [
      'too many attributes',
      { 'node_attributes.txt': '1\n'.repeat(7) },
      'node_attributes.txt',
      undefined,
      /7 lines for 6/,
    ],
    [
      'ragged attributes',
      { 'node_attributes.txt': '1 2\n1\n' },
      'node_attributes.txt',
      2,
      /expected 2 numbers, found 1/,
    ],
  ];
  for (const [name, changes, part, line, reason] of cases) {
    it(`refuses ${name}`, () => {
      const error = refusal(changes);
      assert.equal(error.file, `X_${part}`);
      assert.equal(error.line, line);
      assert.match(error.reason, reason);
    });
  }

  it('answers damaged files with a data set or a DatasetError, never anything else', () => {
    const parts = Object.keys(example);
    const characters = [...'0123456789,.-\n\r #exNa\u0000\u00ff'];
    const edit = fc.record({
      part: fc.constantFrom(...parts),
      at: fc.nat(60),
      remove: fc.nat(3),
      insert: fc.array(fc.constantFrom(...characters), { maxLength: 3 }).map((chosen) => chosen.join('')),
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const damaged: Record<string, string> = { ...example };
        for (const { part, at, remove, insert } of edits) {
          const text = damaged[part];
          damaged[part] = text.slice(0, at) + insert + text.slice(at + remove);
        }
        try {
          const { rawGraphs } = parseTu('X', filesOf(damaged));
          assert.ok(rawGraphs.length > 0);
        } catch (error) {
          if (!(error instanceof DatasetError)) throw error;
          assert.ok(error.message.includes(error.reason) && error.file.startsWith('X_'));
          refused++;
        }
      }),
      { seed: 17, numRuns: 2000 },
    );
    assert.ok(refused > 500 && refused < 2000, `${refused} of 2000 refused`);
  });

  it('answers random bytes with a DatasetError', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom(...Object.keys(example)),
        (noise, part) => {
          const files = filesOf(example).set(`X_${part}`, noise);
          try {
            parseTu('X', files);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
          }
        },
      ),
      { seed: 18, numRuns: 500 },
    );
  });
});

describe('TU data sets as published', () => {
  const published = [
    { name: 'PROTEINS', graphs: 1113, nodes: 43_471, directedEdges: 162_088, classNames: ['1', '2'] },
    { name: 'AIDS', graphs: 2000, nodes: 31_385, directedEdges: 64_780, classNames: ['0', '1'] },
    { name: 'NCI1', graphs: 4110, nodes: 122_747, directedEdges: 265_506, classNames: ['0', '1'] },
    { name: 'DHFR', graphs: 756, nodes: 32_075, directedEdges: 67_352, classNames: ['-1', '1'] },
  ];
  for (const expected of published) {
    it(`${expected.name} has the published counts`, async function () {
      const dataset = await loadDataset(sharedOrSkip(this, 'data', 'tu', expected.name));
      const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
      assert.deepEqual(
        {
          name: dataset.name,
          graphs: dataset.rawGraphs.length,
          nodes: sum(dataset.rawGraphs.map((graph) => graph.nodeCount)),
          directedEdges: sum(dataset.rawGraphs.map((graph) => graph.edges.length)),
          classNames: dataset.classNames,
        },
        expected,
      );
    });
  }
});
