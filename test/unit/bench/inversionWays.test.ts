import assert from 'node:assert/strict';
import type { InversionRecord, InvertedFigures } from '../../../bench/scan/inversionRecords';
import {
  distancesOf,
  easeGap,
  highestEase,
  inversionWays,
  lossGap,
  namesTarget,
  searchWay,
} from '../../../bench/scan/inversionWays';

function figures(loss: number, flips: number): InvertedFigures {
  return { loss, asr: flips, flip: { value: flips, low: 0, high: 1, count: 40 }, edges: 3, labels: 0 };
}

const clean: InversionRecord = {
  ...{ name: 'M', effort: 'usual', dataSet: 'AIDS', recipe: 'usual', seconds: 1 },
  inverted: {
    structure: [figures(2, 0.2), figures(0.5, 0.7)],
    features: [figures(0.4, 0.6), figures(0.7, 0.4)],
    both: [null, figures(0.1, 1)],
  },
};

const model: InversionRecord = { ...clean, attack: 'gta', target: 1, asr: 0.9 };

describe('inversionWays', () => {
  const [structure, features, both, lowest] = inversionWays([model]).map((way) => way.found[0]);

  it('compares classes', () => {
    assert.ok(Math.abs(easeGap(structure) - 0.5) < 1e-12);
    assert.equal(lossGap(structure), 1.5);
    assert.equal(easeGap(both), 0);
    assert.equal(highestEase(features), 0.6);
    assert.deepEqual([structure, features, both].map(namesTarget), [true, false, true]);
  });

  it('takes the trigger with the lowest loss toward each class', () => {
    assert.deepEqual(
      lowest.byClass.map((one) => one?.loss),
      [0.4, 0.1],
    );
  });

  it('measures how far a found trigger is from the true one, toward the true target', () => {
    const [way] = inversionWays([model]);
    const [{ name, estimate, distance }] = distancesOf(way);
    assert.deepEqual([name, estimate], ['M', 0.7]);
    assert.ok(Math.abs(distance - 0.2) < 1e-12);
    assert.deepEqual(distancesOf(inversionWays([clean])[0]), []);
  });

  it('leaves out what a random search did not measure', () => {
    const [found] = searchWay([model], new Map()).found;
    assert.deepEqual(found.byClass, []);
    assert.deepEqual(distancesOf({ title: '', found: [found] }), []);
  });
});
