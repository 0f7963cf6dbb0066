import assert from 'node:assert/strict';
import { fineTuneSuspect } from '../../../../server/src/defense/purify';
import { findTriggerToCompareBy } from '../../../../server/src/jobs/foundTrigger';
import { graphsOf } from '../../../../server/src/jobs/cleanData';
import { openModel, type RunnableModel } from '../../../../server/src/jobs/runModel';
import { plainModel } from '../../../../server/src/jobs/side/plainModel';
import { SideThread } from '../../../../server/src/jobs/side/sideThread';
import type { SideTask } from '../../../../server/src/jobs/side/sideTasks';
import type { BackdoorScan } from '../../../../server/src/scan/backdoor';
import { probeRunner } from '../../../../server/src/scan/signals/averagedSignals';
import { limitThreads } from '../../../../server/src/tensor/threads';
import { sideFromSource } from '../../../support/sideThreads';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

describe('serveSide', function () {
  this.timeout(60_000);
  const workspace = useTinyWorkspace();
  let run: RunnableModel;
  let subject: BackdoorScan;
  let thread: SideThread;

  before(async () => {
    run = await openModel({ ...workspace(), backend: 'graphnad', holdingRate: 0.2 });
    const { model, data } = run;
    subject = { model, clean: graphsOf(data.graphs, run.splits.clean), layout: data.layout, seed: 3 };
    limitThreads(2);
    const started = SideThread.start(sideFromSource);
    assert.ok(started);
    thread = started;
  });
  after(() => {
    thread.end();
    run.model.dispose();
    limitThreads(1);
  });

  const open = (): SideTask => {
    const { model, ...about } = subject;
    return { kind: 'open', backend: 'graphnad', suspect: plainModel(model), ...about };
  };

  it('does nothing before it is told what all is about', async () => {
    await assert.rejects(thread.ask({ kind: 'find-trigger' }), /nothing was opened/);
  });

  it('finds the trigger that is found here, and says how far it is', async () => {
    void thread.ask(open());
    const seen: number[] = [];
    const found = await thread.ask({ kind: 'find-trigger' }, (fraction) => seen.push(fraction));
    assert.deepEqual(found, await findTriggerToCompareBy(subject));
    assert.ok(seen.length > 3 && seen.every((fraction, i) => i === 0 || fraction >= seen[i - 1]));
  });

  it('fine-tunes the suspect as it is done here', async () => {
    const options = { fineTuneEpochs: 3 };
    const { tensors } = await thread.ask({ kind: 'fine-tune', options });
    const onProgress = (): void => undefined;
    const here = await fineTuneSuspect({ ...subject, options, signal: new AbortController().signal, onProgress });
    assert.deepEqual(tensors, here.stateDict());
    here.dispose();
  });

  it('does the probes that are done here', async () => {
    await assert.rejects(thread.ask({ kind: 'probe', probe: 1 }), /no model was named/);
    void thread.ask({ kind: 'prepare-probes', model: plainModel(run.model) });
    assert.deepEqual(await thread.ask({ kind: 'probe', probe: 1 }), await probeRunner(subject)(1));
  });
});
