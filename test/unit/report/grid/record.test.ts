import assert from 'node:assert/strict';
import { cellName, isMeasured, rateText, recordsOf } from '../../../../server/src/report/grid/record';
import { cellId, failedCell, measuredCell } from '../../../support/grids';

describe('a record of a cell', () => {
  it('has a name made of all its parts', () => {
    assert.equal(cellName(cellId({ attackSeed: 2 })), 'AIDS/gta/gin/graphnad/3%/s2/d0');
    assert.deepEqual([0.03, 0.07, 1, 0.005, 0.125].map(rateText), ['3%', '7%', '100%', '0.5%', '12.5%']);
  });

  it('is measured or failed', () => {
    assert.deepEqual([isMeasured(measuredCell()), isMeasured(failedCell())], [true, false]);
  });

  it('is the latest of its cell', () => {
    const [first, second] = [measuredCell({}, { seconds: 1 }), measuredCell({}, { seconds: 2 })];
    const wanted = [cellId({ defense: 'nad' }), cellId()];
    assert.deepEqual(recordsOf(wanted, [first, measuredCell({ data: 'NCI1' }), second]), [second]);
  });
});
