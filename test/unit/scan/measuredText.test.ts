import assert from 'node:assert/strict';
import { measuredText } from '../../../server/src/scan/measuredText';

describe('measuredText', () => {
  const rates = {
    scans: 'GIN with 128 clean graphs',
    backdoored: { models: 158, errors: 137, findings: 145 },
    clean: { models: 161, errors: 7, findings: 17 },
  };

  it('says what was found, what was missed, and who was accused', () => {
    assert.equal(
      measuredText(rates),
      'Scans like this (GIN with 128 clean graphs) raised an error or a warning on 145 of 158 backdoored models, ' +
        'so that they missed 13, and on 17 of 161 clean ones; errors alone on 137 and on 7',
    );
  });

  it('says nothing of errors where there are none', () => {
    for (const changes of [
      { warningsOnly: true },
      { backdoored: { ...rates.backdoored, errors: 0 }, clean: { ...rates.clean, errors: 0 } },
    ]) {
      const text = measuredText({ ...rates, ...changes });
      assert.match(text, /raised a warning on 145 of 158/);
      assert.doesNotMatch(text, /error/);
    }
  });
});
