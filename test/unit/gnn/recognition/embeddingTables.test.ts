import assert from 'node:assert/strict';
import { placesOf, readTables } from '../../../../server/src/gnn/recognition/embeddingTables';
import type { NamedTensors } from '../../../../server/src/gnn/recognition/namedTensors';
import { tensorOf } from '../../../support/numericFixture';

function tensors(shapes: readonly (readonly number[])[]): NamedTensors {
  return new Map(
    shapes.map((shape, i) => {
      const name = `list.${i}.weight`;
      return [name, tensorOf(name, [...shape], new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0))];
    }),
  );
}

describe('readTables', () => {
  it('reads a list of tables that are equally wide', () => {
    const read = readTables(tensors([[5, 4], [2, 4]]), 'list'); // prettier-ignore
    assert.equal(read.width, 4);
    assert.deepEqual(placesOf(read), [5, 2]);
    assert.deepEqual(read.tables[1], { name: 'list.1.weight', places: 2 });
  });

  it('refuses tables that are missing, of another width or too many', () => {
    const other = tensors([[5, 4], [2, 3]]); // prettier-ignore
    assert.throws(() => readTables(other, 'list'), /list\.1\.weight: a table of shape \[places, 4\] was expected, found shape \[2, 3\]/); // prettier-ignore
    assert.throws(() => readTables(tensors([[5, 4]]), 'list', 6), /list\.0\.weight: .+ \[places, 6\]/);
    assert.throws(() => readTables(new Map(), 'list'), /list\.0\.weight: .+ found no such tensor/);
    assert.throws(() => readTables(tensors([[5, 4, 1]]), 'list'), /list\.0\.weight/);
    const gap = new Map([...tensors([[5, 4], [2, 4], [3, 4]])].filter(([name]) => name !== 'list.1.weight')); // prettier-ignore
    assert.throws(() => readTables(gap, 'list'), /list\.1\.weight: .+ found no such tensor/);
    assert.throws(() => readTables(tensors(new Array<number[]>(65).fill([1, 1])), 'list'), /65 tables, more than 64/);
  });
});
