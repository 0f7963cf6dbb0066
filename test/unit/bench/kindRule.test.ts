import assert from 'node:assert/strict';
import { kindRatesOf, type ScannedModel } from '../../../bench/scan/kindRule';

describe('kindRatesOf', () => {
  /** Models whose suspicion is given; above 0.9 they get an error. */
  const models = (backdoored: readonly number[], clean: readonly number[]): ScannedModel[] => {
    const of = (isBackdoored: boolean) => (suspicion: number) => {
      return { backdoored: isBackdoored, suspicion, rate: suspicion > 0.9 ? 0.01 : 0.5, cleanGraphs: 128 };
    };
    return [...backdoored.map(of(true)), ...clean.map(of(false))];
  };
  const repeated = (count: number, value: number): number[] => new Array<number>(count).fill(value);

  it('says nothing of a kind of which few models were scanned', () => {
    assert.equal(kindRatesOf('gcn', models(repeated(40, 0.95), repeated(9, 0.1))), undefined);
  });

  it('counts what was found and who was accused', () => {
    const found = kindRatesOf('gcn', models([...repeated(20, 0.95), 0.05], [...repeated(29, 0.1), 0.92]));
    assert.deepEqual(found?.rates, {
      scans: 'GCN with 128 clean graphs',
      backdoored: { models: 21, errors: 20, findings: 20 },
      clean: { models: 30, errors: 1, findings: 1 },
    });
    assert.equal(found.isWorthless, false);
    assert.ok(found.interval[0] <= found.auroc && found.auroc <= found.interval[1]);
  });

  it('calls scans worthless that may tell no more than chance', () => {
    const half = [...repeated(10, 0.2), ...repeated(10, 0.8)];
    assert.equal(kindRatesOf('gat', models(half, half))?.isWorthless, true);
  });

  it('allows warnings alone where clearly more than 5% of the clean models got errors', () => {
    const accused = (errors: number): readonly number[] => [...repeated(errors, 0.93), ...repeated(40 - errors, 0.1)];
    assert.equal(kindRatesOf('sage', models(repeated(40, 0.99), accused(8)))?.rates.warningsOnly, true);
    assert.equal(kindRatesOf('sage', models(repeated(40, 0.99), accused(3)))?.rates.warningsOnly, undefined);
  });
});
