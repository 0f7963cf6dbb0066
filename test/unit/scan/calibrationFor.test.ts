import assert from 'node:assert/strict';
import { calibration, traceCalibrations } from '../../../server/src/scan/calibration';
import { calibrationFor, manyCleanGraphs } from '../../../server/src/scan/calibrationFor';

describe('calibrationFor', () => {
  it('compares a model with such as were scored by the same signals', () => {
    assert.equal(calibrationFor({ trace: -2 }, 20), traceCalibrations.few);
    assert.equal(calibrationFor({}, 20), calibration);
    assert.equal(calibrationFor({}, 500), calibration);
    assert.equal(calibration.signals.trace, undefined);
    for (const { signals } of Object.values(traceCalibrations)) assert.ok(signals.trace !== undefined);
  });

  it('compares a model with such as were scanned with no more graphs', () => {
    assert.equal(calibrationFor({ trace: 1 }, manyCleanGraphs - 1), traceCalibrations.few);
    assert.equal(calibrationFor({ trace: 1 }, manyCleanGraphs), traceCalibrations.many);
  });
});
