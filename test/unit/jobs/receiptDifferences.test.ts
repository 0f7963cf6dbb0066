import assert from 'node:assert/strict';
import type { PurifyConfig } from '../../../server/src/jobs/purifyConfig';
import { receiptDifferences, receiptNotes } from '../../../server/src/jobs/receiptDifferences';
import { purifyReport } from '../../support/reports';

const receipt = {
  ...purifyReport.receipt,
  backend: 'graphnad',
  options: { method: 'nad', attentionPower: 2, fineTuneEpochs: 100 },
} as const;

describe('receiptDifferences', () => {
  it('finds none between a receipt and itself, or parts of it', () => {
    assert.deepEqual(receiptDifferences(receipt, receipt), []);
    assert.deepEqual(receiptDifferences({}, receipt), []);
    assert.deepEqual(receiptDifferences({ cleanIds: [3, 1, 2], backend: 'auto' }, receipt), []);
  });

  it('names each, as it is and as it was', () => {
    const other: PurifyConfig = {
      model: { sha256: 'x' },
      data: { hash: 'y', features: 'degree' },
      cleanIds: [1],
      options: { attentionPower: 4 },
      seed: 0,
      backend: 'cpu',
      versions: { node: 'v22.0.0', kernels: 'simd' },
    };
    assert.deepEqual(receiptDifferences(other, receipt), [
      `model with SHA-256 ${receipt.model.sha256} instead of x`,
      `data with hash ${receipt.data.hash} instead of y`,
      'features labels instead of degree',
      'other clean graphs (3, in the receipt 1)',
      'attentionPower 2 instead of 4',
      'seed 3 instead of 0',
      'backend graphnad instead of cpu',
      'Node.js v20.19.0 instead of v22.0.0',
      'kernels relaxed-simd instead of simd',
    ]);
  });

  it('does not compare the settings of different methods', () => {
    assert.deepEqual(receiptDifferences({ options: { method: 'anp', anpSteps: 5 } }, receipt), [
      'method nad instead of anp',
    ]);
  });
});

describe('receiptNotes', () => {
  it('says whether the bytes are those of the receipt, and why not', () => {
    assert.deepEqual(receiptNotes(receipt, receipt), [
      'The purified file has the same bytes as the one of the receipt.',
    ]);
    const wanted = { ...receipt, outputSha256: '00' };
    assert.deepEqual(receiptNotes({ ...wanted, seed: 9 }, receipt), [
      'The purified file is not the one of the receipt: seed 3 instead of 9.',
    ]);
    assert.match(receiptNotes(wanted, receipt)[0], /all that it names is the same/);
  });

  it('says of settings without an output only what differs', () => {
    assert.deepEqual(receiptNotes({ seed: 3 }, receipt), []);
    assert.deepEqual(receiptNotes({ seed: 4 }, receipt), ['Not as in the settings file: seed 3 instead of 4.']);
  });
});
