import assert from 'node:assert/strict';
import { combinationsOf } from '../../../../server/src/report/grid/combination';
import { judge, type Judged } from '../../../../server/src/report/grid/goal';
import type { MeasuredCell } from '../../../../server/src/report/grid/record';
import { cellId, measuredCell } from '../../../support/grids';

describe('judge', () => {
  const judged = (...records: MeasuredCell[]): Judged | undefined =>
    judge(
      combinationsOf(
        records.map(({ cell }) => cell),
        records,
      )[0],
    );
  const after = { acc: 0.88, asr: 0.2, flipAsr: 0.04, cleanTargetRate: 0.1 };

  it('finds nothing amiss up to 5 points above the floor and 3 points of accuracy', () => {
    assert.deepEqual(judged(measuredCell({}, { after: { ...after, flipAsr: 0.149, acc: 0.871 } }))?.misses, []);
  });

  it('names what is missed, by the mean over seeds', () => {
    const misses = (flips: number[], acc: number): readonly string[] | undefined =>
      judged(...flips.map((flipAsr, attackSeed) => measuredCell({ attackSeed }, { after: { ...after, flipAsr, acc } })))
        ?.misses;
    assert.deepEqual(misses([0.1, 0.25], 0.89), ['flip ASR above the floor']);
    assert.deepEqual(misses([0.05, 0.2], 0.89), []);
    assert.deepEqual(misses([0.3], 0.8), ['flip ASR above the floor', 'accuracy lost']);
  });

  it('is not deceived by a model that predicts the target always: it has no graph left to flip', () => {
    const sink = judged(measuredCell({}, { after: { acc: 0.89, asr: 1, cleanTargetRate: 1 } }));
    assert.deepEqual(sink?.misses, ['every graph is predicted as the target']);
    assert.equal(sink?.flipAsr, undefined);
    assert.equal(sink?.aboveFloor, true);
    // One such seed among others counts as well.
    const some = judged(
      measuredCell({ attackSeed: 0 }),
      measuredCell({ attackSeed: 1 }, { after: { acc: 0.89, asr: 1 } }),
    );
    assert.deepEqual([some?.flipAsr, some?.aboveFloor], [0.04, true]);
  });

  it('is not moved by rounding: 0.9 - 0.87 is 3 points, and a floor that is not known is none', () => {
    const at = (flipAsr: number, acc: number, floor?: number): Judged | undefined =>
      judged(measuredCell({}, { after: { ...after, flipAsr, acc }, floor: { acc: 0.9, flipAsr: floor } }));
    assert.ok(0.9 - 0.87 > 0.03);
    assert.deepEqual(at(0.15, 0.87, 0.1)?.misses, []);
    assert.deepEqual(at(0.05, 0.9)?.misses, []);
    assert.deepEqual([at(0.06, 0.9)?.misses, at(0.06, 0.9)?.aboveFloor], [['flip ASR above the floor'], true]);
  });

  it('says nothing of what was not measured or not attacked', () => {
    assert.equal(judge(combinationsOf([cellId()], [])[0]), undefined);
    assert.equal(judged(measuredCell({}, { before: { acc: 0.9 }, floor: undefined, after: { acc: 0.9 } })), undefined);
  });
});
