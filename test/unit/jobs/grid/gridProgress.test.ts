import assert from 'node:assert/strict';
import { cellsOf } from '../../../../server/src/jobs/grid/cells';
import { GridProgress, type GridProgressReport } from '../../../../server/src/jobs/grid/gridProgress';
import { planCells } from '../../../../server/src/jobs/grid/plan';
import { inOrder } from '../../../../server/src/jobs/grid/stepQueue';
import { readGrid } from '../../../support/grids';

describe('GridProgress', () => {
  it('counts cells and failures, names what runs, and tells the time left once each kind of step was seen', () => {
    const grid = readGrid('smoke');
    const planned = planCells(grid, cellsOf(grid).slice(0, 2), new Map(), 'models');
    const steps = inOrder(
      planned.map(({ defend }) => defend),
      new Set(),
    );
    const reports: GridProgressReport[] = [];
    const progress = new GridProgress(steps, 5, (report) => reports.push(report));
    const latest = (): GridProgressReport => reports[reports.length - 1];
    assert.deepEqual(latest(), { done: 3, total: 5, failed: 0, running: [] });
    const [train, measure, first, second] = steps;
    progress.started(train);
    assert.deepEqual(latest().running, ['train MOLECULES/none/gin s0']);
    progress.ended(train, false);
    progress.started(measure);
    progress.ended(measure, false);
    assert.equal(latest().secondsLeft, undefined);
    progress.started(first);
    assert.deepEqual(latest().running, ['finetune on MOLECULES/none/gin s0']);
    progress.ended(first, true);
    assert.deepEqual([latest().done, latest().failed], [4, 1]);
    assert.ok((latest().secondsLeft ?? -1) >= 0);
    progress.started(second);
    progress.ended(second, false);
    assert.deepEqual([latest().done, latest().failed, latest().secondsLeft], [5, 1, 0]);
  });
});
