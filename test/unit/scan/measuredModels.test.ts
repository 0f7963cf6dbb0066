import assert from 'node:assert/strict';
import { modelKinds, modelTitles } from '../../../protocol/model';
import { kindRates } from '../../../server/src/scan/kindRates';
import { unmeasuredNotes } from '../../../server/src/scan/measuredModels';

describe('unmeasuredNotes', () => {
  it('says nothing about models like those that thresholds were set on', () => {
    assert.deepEqual(unmeasuredNotes({ kind: 'gin' }), []);
  });

  it('warns of kinds that scans were not measured on, and of no others', () => {
    for (const kind of modelKinds.filter((other) => other !== 'gin')) {
      const notes = unmeasuredNotes({ kind });
      assert.equal(notes.length, kindRates[kind] === undefined ? 1 : 0);
      for (const note of notes) assert.match(note, new RegExp(`on ${modelTitles[kind]} was not measured`));
    }
  });
});
