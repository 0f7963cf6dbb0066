import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { BackdoorVerdict } from '../../../protocol/reports';
import type { Graph } from '../../../server/src/graph/graph';
import { assessBackdoor } from '../../../server/src/scan/backdoor';
import { calibration, traceCalibrations } from '../../../server/src/scan/calibration';
import { unmeasuredNotes } from '../../../server/src/scan/measuredModels';
import { suspicionOf, type SignalSummary } from '../../../server/src/scan/score';
import { probeRunner, startProbes, type RunProbe } from '../../../server/src/scan/signals/averagedSignals';
import { selectBackend } from '../../../server/src/tensor/backend';
import { planned } from '../../support/usualPlans';
import { cleanGraphs, countingModel, layout } from './handMade';
import * as trained from './synthetic/trained';

const { trainedModel } = trained;

async function assess(backdoor: number, clean: readonly Graph[], seed = 0): Promise<BackdoorVerdict> {
  const model = countingModel(backdoor);
  try {
    return await assessBackdoor({ model, clean, layout, seed, byBehaviour: true });
  } finally {
    model.dispose();
  }
}

describe('assessBackdoor', () => {
  before(() => selectBackend('graphnad'));

  it('names the planted class, the trigger and its measured strength', async () => {
    const verdict = await assess(50, cleanGraphs(24));
    assert.ok(verdict.kind !== 'not-assessed');
    const { evidence } = verdict;
    assert.equal(evidence.target, 1);
    assert.equal(evidence.trigger.target, 1);
    assert.ok(evidence.trigger.labels?.includes(2));
    assert.equal(evidence.estimatedAsr.value, 1);
    assert.deepEqual(evidence.estimatedAsrByClass[1], evidence.estimatedAsr);
    assert.equal(evidence.attention.length, 2);
    assert.ok(evidence.suspicion > 0 && evidence.suspicion < 1);
    assert.ok(evidence.abovePercentOfClean >= 0 && evidence.abovePercentOfClean <= 1);
    assert.ok(Object.values(evidence.signals).every(Number.isFinite));
  });

  it('is more suspicious of the planted model than of the same model without it', async () => {
    const [planted, plain] = await Promise.all([assess(50, cleanGraphs(24)), assess(0, cleanGraphs(24))]);
    assert.ok(planted.kind !== 'not-assessed' && plain.kind !== 'not-assessed');
    assert.ok(planted.evidence.suspicion > plain.evidence.suspicion);
  });

  it('gives no verdict on too few graphs', async () => {
    const verdict = await assess(50, cleanGraphs(9));
    assert.ok(verdict.kind === 'not-assessed');
    assert.equal(verdict.code, 'GN905');
    assert.match(verdict.reason, /only 9 clean graphs/);
  });

  it('gives no verdict on a model that puts nearly everything into one class', async () => {
    // A single node of class 0 among larger graphs of class 1: right on all, but no host is of class 0.
    const [model] = cleanGraphs(1);
    const single: Graph = { ...model, nodeCount: 1, edges: new Int32Array(0), nodeLabels: new Int32Array(1) };
    const verdict = await assess(0, [single, ...cleanGraphs(40).filter((graph) => graph.classLabel === 1)]);
    assert.ok(verdict.kind === 'not-assessed');
    assert.match(verdict.reason, /nearly all graphs .* into one class/);
  });

  it('clears no model without BatchNorm, and shows what it saw', async () => {
    const model = countingModel(0);
    const verdict = await assessBackdoor({ model, clean: cleanGraphs(24), layout, seed: 0 });
    assert.ok(verdict.kind === 'not-assessed');
    assert.equal(verdict.code, 'GN905');
    assert.match(verdict.reason, /no BatchNorm/);
    assert.equal(verdict.evidence?.signals.trace, undefined);
    model.dispose();
  });

  it('weighs what training left in the BatchNorm statistics, unless told that they are not of its training', async () => {
    const model = await trainedModel();
    const scan = { model, clean: trained.molecules.slice(0, 20), layout: trained.layout, seed: 0 };
    const [whole, behaviour] = [await assessBackdoor(scan), await assessBackdoor({ ...scan, byBehaviour: true })];
    assert.ok(whole.kind === 'no-sign' && behaviour.kind !== 'not-assessed');
    const { signals, suspicion, target } = whole.evidence;
    const byClass = [signals['trace of class 0'], signals['trace of class 1']];
    assert.equal(signals.trace, Math.max(...byClass));
    if (signals.trace > 0) assert.equal(target, byClass.indexOf(signals.trace));
    const summary = signals as unknown as SignalSummary;
    assert.equal(suspicion, suspicionOf(summary, traceCalibrations.few));
    assert.equal(behaviour.evidence.suspicion, suspicionOf(summary, calibration));
    assert.equal(behaviour.evidence.signals.trace, undefined);
    model.dispose();
  });

  it('measures a model of another shape by the same signals, and clears none, as scans of such were not measured', async () => {
    const usual = await trainedModel();
    const other = planned(usual);
    const scan = { clean: trained.molecules.slice(0, 20), layout: trained.layout, seed: 0 };
    const known = await assessBackdoor({ ...scan, model: usual });
    const unknown = await assessBackdoor({ ...scan, model: other });
    assert.equal(known.kind, 'no-sign');
    assert.ok(unknown.kind === 'not-assessed' && unknown.code === 'GN905');
    assert.match(unknown.reason, /^no sign of a backdoor was found, but how often .* was not measured$/);
    const names = ['rhoAsymmetry', 'gain', 'trace'];
    const [expected, found] = [known, unknown].map(({ evidence }) => names.map((name) => evidence!.signals[name]));
    found.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]) < 0.05, `${names[i]}: ${value}, ${expected[i]}`),
    );
    assert.deepEqual([known.evidence.cautions, unknown.evidence!.cautions], [undefined, unmeasuredNotes(other)]);
    assert.ok(known.evidence.measured !== undefined && unknown.evidence!.measured === undefined);
    usual.dispose();
    other.dispose();
  });

  it('judges no model that may be read wrongly', async () => {
    const model = await trainedModel();
    const scan = { model, clean: trained.molecules.slice(0, 20), layout: trained.layout, seed: 0 };
    const unsettled = 'the readout is assumed';
    assert.deepEqual(await assessBackdoor({ ...scan, unsettled }), {
      ...{ kind: 'not-assessed', code: 'GN905', reason: unsettled },
    });
    model.dispose();
  });

  it('says of a readout that is assumed that findings are warnings at most, unless BatchNorm speaks for them', async () => {
    const model = await trainedModel();
    const scan = { model, clean: trained.molecules.slice(0, 20), layout: trained.layout, seed: 0 };
    const caution = /^The readout leaves no tensors .* scanned with \w+\.$/;
    const { evidence } = await assessBackdoor({ ...scan, readoutIsGuess: true, byBehaviour: true });
    assert.match(evidence?.cautions?.join() ?? '', caution);
    for (const clean of [scan.clean, scan.clean.slice(0, 10), scan.clean.slice(10)]) {
      const { evidence: read } = await assessBackdoor({ ...scan, clean, readoutIsGuess: true });
      assert.ok(read?.signals.trace !== undefined);
      assert.equal(caution.test(read.cautions?.join() ?? ''), read.signals.trace <= 0, String(read.signals.trace));
    }
    model.dispose();
  });

  it('judges no model by statistics that are known to be other than of its training', async () => {
    const model = await trainedModel();
    const scan = { model, clean: trained.molecules.slice(0, 20), layout: trained.layout, seed: 0 };
    const verdict = await assessBackdoor({ ...scan, restated: true });
    assert.ok(verdict.kind === 'not-assessed');
    assert.deepEqual([verdict.code, verdict.purified], ['GN905', true]);
    assert.match(verdict.reason, /those of the clean graphs that it was purified with/);
    assert.ok(verdict.evidence && verdict.evidence.signals.trace === undefined);
    model.dispose();
  });

  it('gives the same verdict for the same seed, as plain JSON, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const verdicts = [await assess(3, cleanGraphs(12), 4), await assess(3, cleanGraphs(12), 4)];
    assert.deepEqual(verdicts[0], verdicts[1]);
    assert.deepEqual(JSON.parse(JSON.stringify(verdicts[0])), verdicts[0]);
    assert.equal(tf.memory().numTensors, before);
  });

  it('takes probes that were done elsewhere, in any order of time', async () => {
    const model = countingModel(3);
    const scan = { model, clean: cleanGraphs(12), layout, seed: 4, byBehaviour: true };
    const outcomes = await Promise.all(startProbes(probeRunner(scan)));
    const elsewhere: RunProbe = async (probe) => {
      await sleep(2 * (outcomes.length - probe));
      return structuredClone(outcomes[probe]);
    };
    const fractions: number[] = [];
    const verdict = await assessBackdoor({
      ...scan,
      runProbe: elsewhere,
      progress: (fraction) => fractions.push(fraction),
    });
    assert.deepEqual(verdict, await assessBackdoor(scan));
    assert.equal(fractions.at(-1), 1);
    model.dispose();
  });

  it('fails as a probe that fails elsewhere, and only when nothing uses the model any more', async () => {
    const model = countingModel(3);
    const scan = { model, clean: cleanGraphs(12), layout, seed: 4, byBehaviour: true };
    const run = probeRunner(scan);
    const fractions: number[] = [];
    const failing = assessBackdoor({
      ...scan,
      runProbe: (probe, progress) => (probe === 1 ? Promise.reject(new RangeError('lost')) : run(probe, progress)),
      progress: (fraction) => fractions.push(fraction),
    });
    await assert.rejects(failing, { name: 'RangeError', message: 'lost' });
    // The search, the traces and the two other probes.
    assert.ok(Math.abs(fractions.at(-1)! - 3.3 / 4.3) < 1e-9);
    model.dispose();
  });

  it('reports progress up to the end and stops when told to', async () => {
    const model = countingModel(3);
    const scan = { model, clean: cleanGraphs(12), layout, seed: 0, byBehaviour: true };
    const fractions: number[] = [];
    await assessBackdoor({ ...scan, progress: (fraction) => fractions.push(fraction) });
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.equal(fractions.at(-1), 1);
    const controller = new AbortController();
    const stopped = assessBackdoor({
      ...scan,
      signal: controller.signal,
      progress: (fraction) => {
        if (fraction > 0.3) controller.abort();
      },
    });
    await assert.rejects(stopped, { name: 'AbortError' });
    model.dispose();
  });
});
