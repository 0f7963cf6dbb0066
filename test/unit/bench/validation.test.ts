import assert from 'node:assert/strict';
import { aurocInterval } from '../../../bench/scan/evaluation';
import type { AssessedReference } from '../../../bench/scan/referenceRecords';
import { referencePlan } from '../../../bench/scan/referencePlan';
import {
  aurocOf,
  dataSetOf,
  fitScore,
  leaveDataSetAndAttackOut,
  leaveOut,
  raised,
  scoresOf,
  selectScore,
  type FittedScore,
} from '../../../bench/scan/validation';
import { Rng } from '../../../server/src/graph/rng';

/** Records whose trace tells backdoored models, and whose other signals say nothing. */
function records(separation: number): AssessedReference[] {
  const rng = new Rng(5, 'records');
  return referencePlan(1).map((spec) => {
    const trace = (spec.attack ? separation : 0) + rng.normal();
    const signals = { trace, rhoAsymmetry: rng.normal(), gain: rng.normal(), excessAsymmetry: rng.normal() };
    return { ...spec, evidence: { signals } } as unknown as AssessedReference;
  });
}

describe('validation of the suspicion score', () => {
  it('scores no record by what was fitted on its group', () => {
    const all = records(2);
    let fits = 0;
    const scored = leaveOut(all, dataSetOf, (training): FittedScore => {
      fits++;
      assert.equal(new Set(training.map(dataSetOf)).size, 3);
      return fitScore(training, ['trace']);
    });
    assert.equal(fits, 4);
    assert.equal(scored.length, all.length);
  });

  it('scores every record once with its data set and its attack left out', () => {
    const all = records(2);
    const scored = leaveDataSetAndAttackOut(all);
    assert.deepEqual(new Set(scored.map(({ record }) => record.name)), new Set(all.map(({ name }) => name)));
    assert.equal(scored.length, all.length);
  });

  it('finds what can be found, at the false-alarm rate that it promises', () => {
    const scored = leaveDataSetAndAttackOut(records(6));
    assert.ok(aurocOf(scored) > 0.98);
    assert.ok(raised(scored, 0.1, true) > 0.95);
    assert.ok(raised(scored, 0.1, false) < 0.2);
    const [low, high] = aurocInterval(...scoresOf(scored), new Rng(1, 'interval'));
    assert.ok(low > 0.97 && low <= aurocOf(scored) && high <= 1);
  });

  it('finds nothing where there is nothing', () => {
    const scored = leaveOut(records(0), dataSetOf, (training) => fitScore(training, ['trace', 'rhoAsymmetry']));
    assert.ok(Math.abs(aurocOf(scored) - 0.5) < 0.15);
  });

  it('chooses signals that speak for backdoors', () => {
    const { signals, model } = selectScore(records(3));
    assert.ok(signals.includes('trace'));
    assert.ok(model.weights.every((weight) => weight > 0));
  });
});

describe('plan of the reference models', () => {
  it('trains clean and backdoored models by the same recipes, toward either class, with every attack on all data', () => {
    const plan = referencePlan(1);
    const names = new Set(plan.map(({ name }) => name));
    assert.equal(names.size, 128);
    const of = (backdoored: boolean): string[] =>
      plan
        .filter(({ attack }) => (attack !== undefined) === backdoored)
        .map(({ dataSet, recipe }) => `${dataSet} ${recipe.name}`)
        .sort();
    assert.deepEqual(of(true), of(false));
    const attacks = new Set(
      plan.flatMap(({ attack, dataSet }) => (attack ? [`${attack.kind} ${attack.target} ${dataSet}`] : [])),
    );
    assert.equal(attacks.size, 64);
  });
});
