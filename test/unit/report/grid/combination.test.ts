import assert from 'node:assert/strict';
import { combinationsOf, overSeeds, shortfall, variantName } from '../../../../server/src/report/grid/combination';
import type { MeasuredCell } from '../../../../server/src/report/grid/record';
import { cellId, failedCell, measuredCell } from '../../../support/grids';

describe('combinationsOf', () => {
  const cells = [0, 1, 2].flatMap((attackSeed) => [cellId({ attackSeed }), cellId({ attackSeed, defense: 'nad' })]);

  it('puts seeds together and counts what is there, failed or missing', () => {
    const records = [measuredCell({ attackSeed: 0 }), failedCell({ attackSeed: 1 }), measuredCell({ attack: 'other' })];
    const [graphnad, nad] = combinationsOf(cells, records);
    assert.deepEqual([graphnad.measured.length, graphnad.failed, graphnad.wanted], [1, 1, 3]);
    assert.deepEqual([nad.defense, nad.measured.length, nad.failed, nad.wanted], ['nad', 0, 0, 3]);
    assert.deepEqual(shortfall([graphnad]), { note: ' (1 of 3)' });
    assert.deepEqual(shortfall([nad]), { word: 'missing', note: '' });
    assert.deepEqual(shortfall(combinationsOf([cells[0]], [failedCell()])), { word: 'failed', note: '' });
    assert.deepEqual(shortfall(combinationsOf([cells[0]], [measuredCell()])), { note: '' });
  });

  it('names variants by holding rate where there are several', () => {
    const name = (rates: number[]): string[] => {
      const all = combinationsOf(
        rates.map((holdingRate) => cellId({ holdingRate })),
        [],
      );
      return all.map(variantName(all));
    };
    assert.deepEqual(name([0.03]), ['graphnad']);
    assert.deepEqual(name([0.01, 0.07]), ['graphnad, 1%', 'graphnad, 7%']);
  });
});

describe('overSeeds', () => {
  it('takes the mean over everything else before the deviation over seeds', () => {
    const records = [0, 1].flatMap((attackSeed) =>
      ['a', 'b'].map((attack, i) => measuredCell({ attackSeed, attack }, { seconds: 10 * attackSeed + 2 * i })),
    );
    assert.deepEqual(
      overSeeds(records, ({ seconds }) => seconds),
      { mean: 6, deviation: Math.sqrt(50), count: 2 },
    );
  });

  it('weighs cells alike, and compares seeds only where they were measured on the same cells', () => {
    const seconds = (attack: string, attackSeed: number, value: number): MeasuredCell =>
      measuredCell({ attack, attackSeed }, { seconds: value });
    const records = [seconds('a', 0, 1), seconds('a', 1, 3), seconds('b', 0, 100)];
    const figure = (record: MeasuredCell): number => record.seconds;
    assert.deepEqual(overSeeds(records, figure), { mean: 51, deviation: 0, count: 1 });
    assert.deepEqual(overSeeds([...records, seconds('b', 1, 98)], figure), { mean: 50.5, deviation: 0, count: 2 });
    assert.equal(
      overSeeds(records, () => undefined),
      undefined,
    );
  });
});
