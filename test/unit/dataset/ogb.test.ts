import assert from 'node:assert/strict';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { parseOgb } from '../../../server/src/dataset/ogb';
import { edgePairs } from '../../support/graphs';

/** A triangle of class 1, and a pair of class 0. */
const example: Readonly<Record<string, string>> = {
  'edge-feat.csv.gz': '0,1\n2,0\n0,0\n3,1\n',
  'edge.csv.gz': '0,1\n2,1\n0,2\n1,0\n',
  'graph-label.csv.gz': '1\n0\n',
  'node-feat.csv.gz': '5,0\n6,1\n7,1\n5,2\n5,0\n',
  'num-edge-list.csv.gz': '3\n1\n',
  'num-node-list.csv.gz': '3\n2\n',
};

function parsed(changes: Readonly<Record<string, string | undefined>> = {}): ReturnType<typeof parseOgb> {
  const parts = Object.entries({ ...example, ...changes }).filter(([, text]) => text !== undefined);
  return parseOgb('made', new Map(parts.map(([file, text]) => [file, new TextEncoder().encode(text)])));
}

function refusal(changes: Readonly<Record<string, string | undefined>>): string {
  try {
    parsed(changes);
  } catch (error) {
    if (error instanceof DatasetError) return error.message;
    throw error;
  }
  return assert.fail('it was accepted');
}

describe('parseOgb', () => {
  it('reads graphs, classes and the features of nodes and edges', () => {
    const { rawGraphs, hash, ...rest } = parsed();
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(rest, {
      ...{ name: 'made', classNames: ['0', '1'], distinctNodeLabels: [], attributeWidth: 2, edgeAttributeWidth: 2 },
    });
    const [triangle, pair] = rawGraphs;
    assert.deepEqual([triangle.nodeCount, pair.nodeCount], [3, 2]);
    assert.deepEqual([triangle.classLabel, pair.classLabel], [1, 0]);
    assert.deepEqual(edgePairs(triangle), [[0, 1], [0, 2], [1, 2]]); // prettier-ignore
    assert.deepEqual([...triangle.attributes], [5, 0, 6, 1, 7, 1]);
    assert.deepEqual([...(triangle.edgeAttributes ?? [])], [0, 1, 0, 0, 2, 0]);
    assert.deepEqual([...pair.attributes], [5, 2, 5, 0]);
    assert.deepEqual([...(pair.edgeAttributes ?? [])], [3, 1]);
  });

  it('takes edges in one direction or in both', () => {
    const both = parsed({
      'edge.csv.gz': '0,1\n1,0\n2,1\n1,2\n0,2\n2,0\n1,0\n0,1\n',
      'edge-feat.csv.gz': '0,1\n0,1\n2,0\n2,0\n0,0\n0,0\n3,1\n3,1\n',
      'num-edge-list.csv.gz': '6\n2\n',
    });
    assert.deepEqual(both.rawGraphs, parsed().rawGraphs);
  });

  it('does without features', () => {
    const { rawGraphs, attributeWidth, edgeAttributeWidth } = parsed({
      'node-feat.csv.gz': undefined,
      'edge-feat.csv.gz': undefined,
    });
    assert.deepEqual([attributeWidth, edgeAttributeWidth], [0, undefined]);
    assert.equal(rawGraphs[0].edgeAttributes, undefined);
    assert.equal(rawGraphs[0].attributes.length, 0);
  });

  it('names file and line of what does not fit', () => {
    const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, string])[] = [
      [{ 'edge.csv.gz': undefined }, 'edge.csv.gz: the file is missing'],
      [{ 'graph-label.csv.gz': '' }, 'graph-label.csv.gz: the data set has no graphs'],
      [{ 'graph-label.csv.gz': '1,0\n0,1\n' }, 'graph-label.csv.gz, line 1: each graph has 2 labels; data sets with one class a graph are read'],
      [{ 'graph-label.csv.gz': '0.5\n0\n' }, 'graph-label.csv.gz, line 1: 0.5 is not a whole number between -2147483648 and 2147483647'],
      [{ 'graph-label.csv.gz': 'nan\n0\n' }, 'graph-label.csv.gz, line 1: "nan" is not a number'],
      [{ 'num-node-list.csv.gz': '5\n' }, 'num-node-list.csv.gz: 1 lines for 2 graphs of graph-label.csv.gz'],
      [{ 'num-node-list.csv.gz': '5\n0\n' }, 'num-node-list.csv.gz, line 2: a graph cannot have 0'],
      [{ 'num-edge-list.csv.gz': '5\n-1\n' }, 'num-edge-list.csv.gz, line 2: a graph cannot have -1'],
      [{ 'num-edge-list.csv.gz': '3\n2\n' }, 'edge.csv.gz: 4 lines for 5 edges'],
      [{ 'node-feat.csv.gz': '1,1\n' }, 'node-feat.csv.gz: 1 lines for 5 nodes'],
      [{ 'edge-feat.csv.gz': '1,1\n' }, 'edge-feat.csv.gz: 1 lines for 4 edges'],
      [{ 'edge.csv.gz': '0,1\n2,3\n0,2\n1,0\n' }, 'edge.csv.gz, line 2: node 3 does not exist: the graph has 3 (counted from 0)'],
      [{ 'num-node-list.csv.gz': '2147483647\n2\n' }, 'num-node-list.csv.gz, line 2: a graph cannot have 2'],
    ]; // prettier-ignore
    for (const [changes, message] of cases) assert.equal(refusal(changes), message);
  });
});
