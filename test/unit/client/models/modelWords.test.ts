import assert from 'node:assert/strict';
import { countsText, descriptionOf, pictureOf } from '../../../../client/models/modelWords';
import { modelVerdicts, type ModelEntry } from '../../../../protocol/models';

const entry = (verdict: ModelEntry['verdict'], more: Partial<ModelEntry> = {}): ModelEntry => ({
  ...{ uri: 'file:///w/a.pt', folder: 'file:///w', verdict, text: `text of ${verdict}` },
  ...more,
});
const now = new Date(2025, 0, 31, 14, 30);

describe('words and pictures of models', () => {
  it('say the verdict in words, and when it was reached', () => {
    const today = descriptionOf(entry('likely', { reached: new Date(2025, 0, 31, 9, 5).toISOString() }), now);
    assert.match(today, /^Text of likely · .*9:05/);
    const before = descriptionOf(entry('likely', { reached: new Date(2024, 11, 24).toISOString() }), now);
    assert.match(before, /^Text of likely · .*2024/);
    assert.equal(descriptionOf(entry('not-scanned'), now), 'Text of not-scanned');
  });

  it('say what goes on, and do not hide a bad verdict behind that', () => {
    assert.equal(descriptionOf(entry('not-assessed', { activity: 'queued' }), now), 'Waiting to be scanned');
    assert.equal(descriptionOf(entry('no-sign', { activity: 'scanning' }), now), 'Scanning');
    assert.equal(descriptionOf(entry('not-assessed', { activity: 'in-queue' }), now), 'Waiting in the queue');
    const stuck = descriptionOf(entry('likely', { activity: 'no-worker' }), now);
    assert.equal(stuck, 'Text of likely · no worker is connected');
    assert.equal(descriptionOf(entry('dangerous', { activity: 'scanning' }), now), 'Text of dangerous · scanning');
    assert.match(pictureOf(entry('no-sign', { activity: 'scanning' })).icon, /spin/);
    assert.equal(pictureOf(entry('dangerous', { activity: 'scanning' })).icon, 'error');
  });

  it('differ in more than colour where one is worse, and call nothing good by colour or a tick', () => {
    const pictures = modelVerdicts.map((verdict) => pictureOf(entry(verdict)));
    for (const { icon, colour = '' } of pictures) {
      assert.doesNotMatch(icon, /check|pass|workspace-trusted/);
      assert.doesNotMatch(colour, /green|passed/i);
    }
    // The two kinds of warning are told apart by their words.
    assert.equal(new Set(pictures.map(({ icon }) => icon)).size, modelVerdicts.length - 1);
  });

  it('count', () => {
    assert.equal(countsText({ models: 1, flagged: 0 }), '1 model');
    assert.equal(countsText({ models: 12, flagged: 3 }), '12 models, 3 flagged');
  });
});
