import assert from 'node:assert/strict';
import { inversionSample } from '../../../bench/scan/inversionRecords';
import type { ReferenceFacts } from '../../../bench/scan/referenceModels';
import { referencePlan } from '../../../bench/scan/referencePlan';

/** What would be known of planned models whose attacks all worked, but for one kind. */
function facts(failing?: string): ReferenceFacts[] {
  return referencePlan(3).map((spec) => {
    const asr = spec.attack?.kind === failing ? 0.5 : 0.95;
    return { ...spec, accuracy: 0.9, ...(spec.attack && { asr }), train: [], poisoned: [], clean: [] };
  });
}

describe('inversionSample', () => {
  const countBy = <T>(items: readonly T[], group: (item: T) => string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const item of items) counts.set(group(item), (counts.get(group(item)) ?? 0) + 1);
    return counts;
  };

  it('takes as many models of every data set and attack, and as many clean ones', () => {
    const sample = inversionSample(facts(), 'usual');
    const groups = countBy(sample, ({ dataSet, attack }) => `${dataSet} ${attack?.kind ?? 'clean'}`);
    for (const [group, count] of groups) assert.equal(count, group.endsWith(' clean') ? 16 : 2, group);
    assert.equal(groups.size, 4 * 9);
  });

  it('makes more effort on a quarter of them, with as many of every data set and of every attack', () => {
    const sample = inversionSample(facts(), 'usual');
    const quarter = inversionSample(facts(), 'more');
    assert.equal(quarter.length, sample.length / 4);
    assert.ok(quarter.every((model) => sample.some(({ name }) => name === model.name)));
    const backdoored = quarter.filter(({ attack }) => attack !== undefined);
    assert.ok([...countBy(backdoored, ({ attack }) => attack!.kind).values()].every((count) => count === 2));
    const ofDataSets = countBy(quarter, ({ dataSet, attack }) => `${dataSet} ${attack === undefined}`);
    assert.deepEqual([...ofDataSets.values()], new Array(8).fill(4));
  });

  it('passes over attacks that failed and models that gradients do not reach', () => {
    const sample = inversionSample(facts('motif'), 'usual');
    assert.ok(sample.every(({ attack, recipe }) => attack?.kind !== 'motif' && recipe.readout !== 'max'));
    assert.equal(sample.length, 2 * 4 * 7 * 2);
  });
});
