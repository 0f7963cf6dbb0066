import assert from 'node:assert/strict';
import { spreadOf, spreadOverSeeds, variesStrongly } from '../../../server/src/defense/seedSpread';
import { purifyReport } from '../../support/reports';

const { stages } = purifyReport;

/** The report's stages, with another purified model. */
function purifiedTo(acc: number, flipAsr: number): typeof stages {
  return stages.map((stage) =>
    stage.name === 'graphnad' ? { ...stage, estimated: { ...stage.estimated, acc, flipAsr } } : stage,
  );
}

describe('figures over seeds', () => {
  it('are the mean and the sample standard deviation', () => {
    const { mean, deviation, least, most } = spreadOf([0.9, 0.94, 0.98]);
    assert.ok(Math.abs(mean - 0.94) < 1e-12);
    assert.ok(Math.abs(deviation - 0.04) < 1e-12);
    assert.deepEqual([least, most], [0.9, 0.98]);
    assert.throws(() => spreadOf([1]), RangeError);
  });

  it('are those of each model, and leave out what not all seeds have', () => {
    const withoutFlips = stages.map(({ estimated: { acc, asr, asrInterval }, ...rest }) => ({
      ...rest,
      estimated: { acc, asr, asrInterval },
    }));
    const spread = spreadOverSeeds([{ stages }, { stages: withoutFlips }]);
    assert.deepEqual(spread.map(({ name }) => name), ['before', 'fine-tuned', 'graphnad']); // prettier-ignore
    assert.deepEqual(Object.keys(spread[0].figures), ['acc', 'asr']);
    assert.deepEqual(Object.keys(spread[2].figures), ['acc', 'asr', 'der']);
    assert.equal(spread[2].figures.acc?.deviation, 0);
  });

  it('vary strongly above 3 points of accuracy or 10 points of attack success', () => {
    const varies = (...runs: (typeof stages)[]): boolean => {
      const spread = spreadOverSeeds(runs.map((run) => ({ stages: run })));
      return variesStrongly(spread[spread.length - 1]);
    };
    assert.ok(!varies(purifiedTo(0.96, 0.1), purifiedTo(0.95, 0.2), purifiedTo(0.97, 0.15)));
    assert.ok(varies(purifiedTo(0.98, 0.1), purifiedTo(0.88, 0.1), purifiedTo(0.97, 0.1)));
    assert.ok(varies(purifiedTo(0.96, 0.02), purifiedTo(0.96, 0.3), purifiedTo(0.96, 0.05)));
  });
});
