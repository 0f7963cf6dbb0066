import assert from 'node:assert/strict';
import { counted, estimated, interval, plain, points, timeLeft } from '../../../webview/format';

describe('panel figures', () => {
  it('writes accuracies with one decimal and estimates with none', () => {
    assert.equal(counted(0.9749), '97.5%');
    assert.equal(estimated(0.974), '97%');
    assert.equal(interval({ value: 0.97, low: 0.914, high: 0.991, count: 45 }), '91–99%');
    assert.equal(interval({ value: 0.97, low: 0.914, high: 0.991, count: 45 }, 1), '91.4–99.1%');
    assert.equal(points(0.0123, 1), '1.2');
  });

  it('writes losses in as few characters as say something', () => {
    assert.equal(plain(0), '0');
    assert.equal(plain(0.123456), '0.123');
    assert.equal(plain(12), '12');
    assert.equal(plain(0.00012), '1.2e-4');
    assert.equal(plain(1234567), '1.2e6');
  });

  it('writes the time left in seconds or minutes', () => {
    assert.equal(timeLeft(6), 'about 6 s left');
    assert.equal(timeLeft(150), 'about 3 min left');
  });
});
