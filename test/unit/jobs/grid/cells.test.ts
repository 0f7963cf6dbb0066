import assert from 'node:assert/strict';
import { CellFilterError, cellsOf, selectCells } from '../../../../server/src/jobs/grid/cells';
import { cellName } from '../../../../server/src/report/grid/record';
import { readGrid } from '../../../support/grids';

describe('cellsOf', () => {
  it('makes every combination once, all of one attack seed before the next', () => {
    const cells = cellsOf(readGrid('smoke'));
    const names = cells.map(cellName);
    assert.equal(new Set(names).size, 2 * 2 * 2 * 2);
    assert.equal(names.length, 16);
    assert.equal(names[0], 'MOLECULES/none/gin/finetune/10%/s0/d0');
    assert.deepEqual(
      cells.map(({ attackSeed }) => attackSeed),
      [...Array.from({ length: 8 }, () => 0), ...Array.from({ length: 8 }, () => 1)],
    );
  });
});

describe('selectCells', () => {
  const cells = cellsOf(readGrid('smoke'));
  const select = (filter: string): string[] => selectCells(cells, filter).map(cellName);

  it('takes words of one kind as alternatives and wants one of each kind that is mentioned', () => {
    assert.deepEqual(select('subgraph, finetune, 10%, s1'), ['MOLECULES/subgraph/gin/finetune/10%/s1/d0']);
    assert.equal(select('none,subgraph,s0').length, 8);
    assert.equal(select('').length, 16);
    assert.deepEqual(select('MOLECULES,d0').length, 16);
  });

  it('refuses a word that names nothing', () => {
    assert.throws(() => select('subgraph,gat'), (error) => {
      assert.ok(error instanceof CellFilterError);
      assert.equal(error.word, 'gat');
      assert.match(error.message, /called "gat"; there are MOLECULES, .*graphnad-paper/);
      return true;
    }); // prettier-ignore
  });
});
