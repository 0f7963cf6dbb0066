import assert from 'node:assert/strict';
import { calibration, traceCalibrations } from '../../../server/src/scan/calibration';
import { errorRate, falseAlarmRate, warningRate } from '../../../server/src/scan/score';

for (const [name, { clean, signals }] of Object.entries({ 'by behaviour': calibration, ...traceCalibrations })) {
  describe(`calibration ${name}`, () => {
    it('has enough clean references for the error threshold to be reached at all', () => {
      assert.ok(1 / (1 + clean.suspicion.length) <= errorRate);
    });

    it('lists one figure a model, ascending', () => {
      for (const list of Object.values(clean)) {
        assert.equal(list.length, clean.suspicion.length);
        assert.deepEqual(
          list,
          [...list].sort((a, b) => a - b),
        );
        assert.ok(list.every((value) => value >= -1));
      }
    });

    it('weighs every signal towards suspicion', () => {
      for (const { deviation, weight } of Object.values(signals)) assert.ok(deviation > 0 && weight > 0);
    });

    it('lets the promised share of its own references pass, and no more', () => {
      for (const rate of [errorRate, warningRate]) {
        const alarms = clean.suspicion.filter((score) => falseAlarmRate(clean.suspicion, score) <= rate);
        assert.ok(alarms.length <= rate * clean.suspicion.length);
      }
    });
  });
}
