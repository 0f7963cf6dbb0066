import assert from 'node:assert/strict';
import { calibration, traceCalibration } from '../../../server/src/scan/calibration';
import { calibrationFor } from '../../../server/src/scan/calibrationFor';

describe('calibrationFor', () => {
  it('compares a model with such as were scored by the same signals', () => {
    assert.equal(calibrationFor({ trace: -2 }), traceCalibration);
    assert.equal(calibrationFor({}), calibration);
    assert.ok(traceCalibration.signals.trace !== undefined);
    assert.equal(calibration.signals.trace, undefined);
  });
});
