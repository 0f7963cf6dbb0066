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
  });

  it('says nothing of what was not measured or not attacked', () => {
    assert.equal(judge(combinationsOf([cellId()], [])[0]), undefined);
    assert.equal(judged(measuredCell({}, { before: { acc: 0.9 }, floor: undefined, after: { acc: 0.9 } })), undefined);
  });
});
