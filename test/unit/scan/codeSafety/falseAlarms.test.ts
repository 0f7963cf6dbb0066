import assert from 'node:assert/strict';
import { inspectCode } from '../../../../server/src/checkpoint/inspectCode';
import { codeSafetyFindings, codeSafetyVerdict } from '../../../../server/src/scan/codeSafety';
import { benignCorpus } from '../../../support/benignCorpus';

/** What is not known to be harmless, and why that is right. */
const unknown: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^(whole|wrapped|legacy)-module\.pt$/, 'classes of the script that saved them'],
  [/^plain\.pkl$|^geometric-data\.pkl$/, 'tensors that are unpickled by a helper of their own'],
  [/^forest/, 'classes of scikit-learn, or a compression that is not unpacked'],
  [/^keras2\.h5$/, 'layers of another library'],
];

describe('benign files', () => {
  it('are many, of all kinds', () => {
    assert.ok(benignCorpus.length >= 60);
    assert.ok(new Set(benignCorpus.map(({ origin }) => origin)).size >= 7);
  });

  for (const { fileName, bytes, origin } of benignCorpus) {
    const reason = unknown.find(([name]) => name.test(fileName))?.[1];
    it(`${origin}/${fileName} raises no alarm${reason === undefined ? '' : `, but a warning: ${reason}`}`, () => {
      const inspection = inspectCode(bytes, fileName);
      const codes = new Set(codeSafetyFindings(inspection).map(({ code }) => code));
      assert.deepEqual(
        [...codes].filter((code) => code !== 'GN102'),
        [],
      );
      assert.equal(codeSafetyVerdict(inspection), reason === undefined ? 'safe' : 'unknown');
    });
  }
});
