import assert from 'node:assert/strict';
import { broadcast } from '../../../../server/src/tensor/engine/broadcast';

describe('broadcast', () => {
  const cases: readonly [a: number[], b: number[], kind: string | undefined, rows?: number, columns?: number][] = [
    [[3, 4], [3, 4], 'same', 1, 12],
    [[], [], 'same', 1, 1],
    [[3, 4], [], 'scalar', 1, 12],
    [[3, 4], [1, 1], 'scalar', 1, 12],
    [[1], [1, 1], 'scalar', 1, 1],
    [[3, 4], [4], 'row', 3, 4],
    [[3, 4], [1, 4], 'row', 3, 4],
    [[2, 3, 4], [3, 4], 'row', 2, 12],
    [[2, 3, 4], [1, 1, 4], 'row', 6, 4],
    [[1, 3, 4], [3, 4], 'row', 1, 12],
    [[3, 4], [3, 1], 'column', 3, 4],
    [[2, 3, 4], [2, 1, 1], 'column', 2, 12],
    [[2, 3, 4], [2, 3, 1], 'column', 6, 4],
    [[2, 3, 4], [3, 1], undefined],
    [[2, 3, 4], [2, 1, 4], undefined],
    [[3, 1], [1, 4], undefined],
    [[0, 4], [4], 'scalar', 1, 0],
    [[3, 0], [3, 1], 'scalar', 1, 0],
  ];
  for (const [a, b, kind, rows, columns] of cases) {
    it(`[${a.join()}] with [${b.join()}]: ${kind ?? 'neither row nor column'}`, () => {
      const form = broadcast(a, b);
      assert.equal(form?.kind, kind);
      assert.equal(form?.rows, rows);
      assert.equal(form?.columns, columns);
      const other = broadcast(b, a);
      assert.deepEqual([other?.kind, other?.rows, other?.columns], [kind, rows, columns]);
      assert.deepEqual(other?.shape, form?.shape);
    });
  }

  it('says which operand is repeated', () => {
    assert.equal(broadcast([3, 4], [4])?.exchanged, false);
    assert.equal(broadcast([4], [3, 4])?.exchanged, true);
  });

  it('throws where shapes do not fit', () => {
    assert.throws(() => broadcast([3, 4], [3]), /broadcast/);
  });
});
