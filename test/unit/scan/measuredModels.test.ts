import assert from 'node:assert/strict';
import { modelKinds, modelTitles, type ArchitectureSummary, type ModelKind } from '../../../protocol/model';
import { kindRates } from '../../../server/src/scan/kindRates';
import { unmeasuredNotes } from '../../../server/src/scan/measuredModels';

function usual(kind: ModelKind): { readonly isUsual: boolean; readonly architecture: ArchitectureSummary } {
  const sizes = { layers: 2, hidden: 4, inputs: 3, classes: 2 };
  return { isUsual: true, architecture: { kind, ...sizes, readout: 'sum', batchNorm: true } };
}

describe('unmeasuredNotes', () => {
  it('says nothing about models like those that thresholds were set on', () => {
    assert.deepEqual(unmeasuredNotes(usual('gin')), []);
  });

  it('warns of kinds that scans were not measured on, and of no others', () => {
    for (const kind of modelKinds.filter((other) => other !== 'gin')) {
      const notes = unmeasuredNotes(usual(kind));
      assert.equal(notes.length, kindRates[kind] === undefined ? 1 : 0);
      for (const note of notes) assert.match(note, new RegExp(`on ${modelTitles[kind]} was not measured`));
    }
  });

  it('warns of models of another shape, whatever their kind', () => {
    for (const kind of modelKinds) {
      const [note, ...others] = unmeasuredNotes({ ...usual(kind), isUsual: false });
      assert.match(note, /a model of another shape, like this one, was not measured/);
      assert.equal(others.length, 0);
    }
  });
});
