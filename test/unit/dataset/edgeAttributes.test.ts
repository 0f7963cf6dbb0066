import assert from 'node:assert/strict';
import { edgeAttributes } from '../../../server/src/dataset/edgeAttributes';
import { parseNumbers } from '../../../server/src/dataset/tuText';

describe('edgeAttributes', () => {
  const table = (text: string) => parseNumbers(new TextEncoder().encode(text), 'X_edge_attributes.txt');
  const edges = Int32Array.of(0, 1, 1, 2);

  it('puts the rows of a table in the order of the edges', () => {
    const listed = { pairs: [2, 1, 1, 0, 0, 1, 2, 2], rows: [0, 1, 2, 3] };
    const attributes = edgeAttributes(3, edges, listed, table('7,8\n5,6\n5,6\n9,9\n'));
    assert.deepEqual([...attributes], [5, 6, 7, 8]);
  });

  it('names both lines where the directions of an edge differ', () => {
    const listed = { pairs: [0, 1, 1, 2, 1, 0], rows: [0, 1, 2] };
    assert.throws(() => edgeAttributes(3, edges, listed, table('5\n\n7\n6\n')), {
      message: 'X_edge_attributes.txt, line 4: the same edge has other attributes in line 1',
    });
  });
});
