import assert from 'node:assert/strict';
import {
  initialState,
  isBusy,
  isPanelState,
  panelTitle,
  restoredState,
  withFailure,
  withProgress,
  withReport,
  withSeeds,
} from '../../../../client/panel/panelState';
import { purifyReport, seedReport } from '../../../support/reports';

const run = {
  modelUri: 'file:///w/models/my%20model.pt',
  dataUri: 'file:///w/data/AIDS',
  outputUri: 'file:///w/models/my%20model.purified.pt',
};
const progress = { stage: 'Teacher', stageIndex: 1, stageCount: 3, fraction: 0.4 };
const curve = { stage: 'teacher', epoch: 1, losses: { clean: 1 } } as const;

describe('state of the results panel', () => {
  it('begins with the names of the files', () => {
    const { modelName, outputName, curves } = initialState(run);
    assert.deepEqual([modelName, outputName, curves], ['my model.pt', 'my model.purified.pt', []]);
  });

  it('collects stages and curves as they come', () => {
    const first = withProgress(initialState(run), { ...progress, stage: 'Bounds', stageIndex: 0 }, undefined);
    const second = withProgress(first, { ...progress, curve }, 7);
    const third = withProgress(second, { ...progress, curve: { ...curve, epoch: 2 } }, 6);
    assert.deepEqual(third.stages, ['Bounds', 'Teacher', null]);
    assert.deepEqual(
      third.curves.map(({ epoch }) => epoch),
      [1, 2],
    );
    assert.equal(third.secondsLeft, 6);
    assert.equal(third.progress?.curve, undefined);
  });

  it('knows the names of stages that are yet to come, where it was told them', () => {
    const stages = ['Bounds', 'Teacher', 'Student'];
    const state = withProgress(initialState(run), { ...progress, stages }, undefined);
    assert.deepEqual(state.stages, stages);
    assert.equal('stages' in (state.progress ?? {}), false);
  });

  it('is busy while a run, or a further seed, is under way', () => {
    const done = withReport(initialState(run), purifyReport);
    const states = [initialState(run), done, withSeeds(done, { progress }), withSeeds(done, { report: seedReport })];
    assert.deepEqual(states.map(isBusy), [true, false, true, false]);
    assert.equal(isBusy(withFailure(initialState(run), { kind: 'cancelled', message: '' })), false);
  });

  it('gives panels of different outputs different names', () => {
    assert.equal(panelTitle(initialState(run)), 'Purify my model.pt');
    const other = { ...run, outputUri: 'file:///w/models/my%20model.purified-2.pt' };
    assert.equal(panelTitle(initialState(other)), 'Purify my model.pt into my model.purified-2.pt');
  });

  it('comes back from a reload as it was', () => {
    const ended = withFailure(initialState(run), { kind: 'error', message: 'no' });
    assert.deepEqual(restoredState(ended, undefined), ended);
  });

  it('does not pretend that an interrupted run goes on', () => {
    const state = withProgress(initialState(run), progress, 5);
    assert.equal(restoredState(state, undefined).failure?.kind, 'interrupted');
  });

  it('knows the end of a run that was saved before it ended', () => {
    const state = restoredState(withProgress(initialState(run), progress, 5), { report: purifyReport });
    assert.equal(state.failure, undefined);
    assert.equal(state.progress, undefined);
    assert.deepEqual(state.report, purifyReport);
    assert.deepEqual(state.curves, purifyReport.curves);
  });

  it('says that further seeds were broken off with the window, and knows those that were not', () => {
    const waiting = withSeeds(withReport(initialState(run), purifyReport), { progress });
    const broken = restoredState(waiting, { report: purifyReport });
    assert.equal(broken.seeds?.failure?.kind, 'interrupted');
    assert.deepEqual(broken.report, purifyReport);
    const ended = restoredState(waiting, { report: purifyReport, seeds: seedReport });
    assert.deepEqual(ended.seeds, { report: seedReport });
    const ofAnother = { report: { ...purifyReport, outputSha256: 'other' }, seeds: seedReport };
    assert.equal(restoredState(waiting, ofAnother).seeds?.failure?.kind, 'interrupted');
  });

  it('is not read when another version wrote it', () => {
    for (const kept of [undefined, null, 'text', {}, { ...initialState(run), version: 0 }]) {
      assert.ok(!isPanelState(kept));
    }
    assert.ok(isPanelState(JSON.parse(JSON.stringify(initialState(run)))));
  });
});
