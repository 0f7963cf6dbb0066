import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePurifyConfig, PurifyConfigError } from '../../../server/src/jobs/purifyConfig';
import { purifyReport } from '../../support/reports';

const { receipt } = purifyReport;

describe('parsePurifyConfig', () => {
  it('reads a receipt, and the one of a report', () => {
    assert.deepEqual(parsePurifyConfig(JSON.stringify(receipt), 'r.json'), receipt);
    assert.deepEqual(parsePurifyConfig(JSON.stringify(purifyReport), 'report.json'), receipt);
  });

  it('reads parts of one', () => {
    assert.deepEqual(parsePurifyConfig('{}', 'c.json'), {});
    const parts = { options: { method: 'nad', attentionPower: 1 }, data: { features: 'labels' } };
    assert.deepEqual(parsePurifyConfig(JSON.stringify(parts), 'c.json'), parts);
  });

  const mistakes: readonly [value: unknown, message: RegExp][] = [
    [[], /^c\.json: expected an object, found an array$/],
    [{ sead: 1 }, /sead.*not known here; there are receipt, model, data/],
    [{ seed: -1 }, /^c\.json: seed: expected a whole number from 0 to 4294967295, found -1$/],
    [{ cleanIds: [1, 'two'] }, /cleanIds\[1\]: expected a number/],
    [{ model: { sha256: 'AB' } }, /model\.sha256: expected a SHA-256 in hexadecimal/],
    [{ data: { features: 'smells' } }, /data\.features: expected one of labels/],
    [{ receipt: 'graphnad-purify-2' }, /receipt: expected one of graphnad-purify-1/],
    [{ options: { method: 'magic' } }, /options\.method: must be one of graphnad/],
    [{ options: { teacherRounds: 0 } }, /options\.teacherRounds: must be a whole number from 1 to 1000000, not 0/],
    [{ options: { anpSteps: 9 } }, /options\.anpSteps: this method has only/],
    [{ architecture: { tensors: null } }, /architecture\.tensors: expected an object/],
    [{ architecture: { tensors: { lin: 1 } } }, /architecture\.tensors\["lin"\]: expected a text/],
    [{ architecture: { eps: 1 } }, /architecture\.eps: expected an array/],
    [{ architecture: { readout: ['sum'] } }, /architecture\.readout: expected a text, a number, true or false/],
    [{ architecture: 'gin' }, /architecture: expected an object/],
    [{ versions: { node: 20 } }, /versions\.node: expected a text/],
    [{ receipt: null }, /receipt: expected an object, found null/],
  ];
  for (const [value, message] of mistakes) {
    it(`says what is wrong with ${JSON.stringify(value)}`, () => {
      assert.throws(() => parsePurifyConfig(JSON.stringify(value), 'c.json'), { name: 'PurifyConfigError', message });
    });
  }

  it('says so where the file is not JSON', () => {
    assert.throws(() => parsePurifyConfig('{', 'c.json'), /^PurifyConfigError: c\.json: this is not JSON: /);
  });

  it('answers anything with parts of a receipt or its own error', () => {
    const keys = fc.constantFrom(...Object.keys(receipt), ...Object.keys(receipt.model), '__proto__', 'constructor');
    const json = fc.letrec((tie) => ({
      value: fc.oneof(fc.jsonValue(), fc.dictionary(keys, tie('value'), { maxKeys: 4 })),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        try {
          parsePurifyConfig(JSON.stringify(value), 'c.json');
        } catch (error) {
          assert.ok(error instanceof PurifyConfigError, String(error));
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
