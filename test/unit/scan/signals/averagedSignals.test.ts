import assert from 'node:assert/strict';
import { Rng } from '../../../../server/src/graph/rng';
import { makePools } from '../../../../server/src/scan/pools';
import {
  averagedSignals,
  probeRunner,
  startProbes,
  type ProbeOutcome,
} from '../../../../server/src/scan/signals/averagedSignals';
import { measureClean } from '../../../../server/src/scan/signals/cleanMeasurements';
import { measureSignals } from '../../../../server/src/scan/signals/probe';
import { mean } from '../../../../server/src/scan/statistics';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from '../handMade';

describe('averagedSignals', () => {
  const clean = cleanGraphs(20);
  before(() => selectBackend('cpu'));

  it('averages probes that differ in halves and triggers', async () => {
    const model = countingModel(3);
    const fractions: number[] = [];
    const outcomes = await Promise.all(
      startProbes(probeRunner({ model, clean, layout, seed: 8 }), (probe, fraction) => {
        fractions[probe] = fraction;
      }),
    );
    const measured = await measureClean(model, clean, layout);
    for (const [probe, { pools, ...signals }] of outcomes.entries()) {
      assert.deepEqual(pools, makePools(model, clean, layout, new Rng(8, `pools ${probe}`)));
      const rng = new Rng(8, `signals ${probe}`);
      assert.deepEqual(signals, await measureSignals({ model, clean: measured, pools, layout, rng }));
    }
    const averaged = averagedSignals(outcomes);
    assert.equal(averaged.gain, mean(outcomes.map(({ gain }) => gain)));
    assert.equal(averaged.rho[0], mean(outcomes.map(({ rho }) => rho[0] ?? NaN)));
    assert.equal(new Set(outcomes.map(({ gain }) => gain)).size, 3);
    assert.deepEqual(fractions, [1, 1, 1]);
    model.dispose();
  });

  it('leaves out probes that know nothing about a class', () => {
    const outcome = { gain: 1, excess: [undefined, 4], shortlist: [], pools: { fit: none, heldOut: none } };
    const outcomes: ProbeOutcome[] = [
      { ...outcome, rho: [0.5, undefined] },
      { ...outcome, rho: [0.25, undefined] },
      { ...outcome, rho: [undefined, undefined] },
    ];
    assert.deepEqual(averagedSignals(outcomes), { rho: [0.375, undefined], gain: 1, excess: [undefined, 4] });
  });

  it('gives one probe the same outcome in any order, which a structured clone copies', async () => {
    const model = countingModel(3);
    const input = { model, clean, layout, seed: 8 };
    const outcomes = await Promise.all(startProbes(probeRunner(input)));
    const run = probeRunner(input);
    const [last, first] = await Promise.all([run(2), run(0)]);
    assert.deepEqual([first, last], [outcomes[0], outcomes[2]]);
    assert.deepEqual(structuredClone(first), first);
    model.dispose();
  });

  it('does no further probe after one that fails', async () => {
    const model = countingModel(3);
    const outcomes = startProbes(probeRunner({ model, clean, layout, seed: 8, signal: AbortSignal.abort() }));
    const settled = await Promise.allSettled(outcomes);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    await assert.rejects(outcomes[2], { name: 'AbortError' });
    model.dispose();
  });
});

const none = { graphs: [], real: 0 };
