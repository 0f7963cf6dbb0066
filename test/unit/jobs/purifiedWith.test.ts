import assert from 'node:assert/strict';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import type { PurifyReport, ScanReport } from '../../../protocol/reports';
import { purifiedNote, purifiedWithOf, receiptBeside, receiptsBeside } from '../../../server/src/jobs/purifiedWith';
import { purifyModel } from '../../../server/src/jobs/purifyTask';
import { scanModel } from '../../../server/src/jobs/scanTask';
import type { ScanTask } from '../../../server/src/jobs/tasks';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('receipts of purified models', function () {
  this.timeout(120_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();
  const context = { signal: new AbortController().signal, progress: () => undefined };

  let report: PurifyReport;
  let receipt: PurifyReport['receipt'];

  before(async () => {
    const { folder, model, data } = workspace();
    report = await purifyModel(
      {
        ...{ kind: 'purify', method: 'finetune', model, data, output: `${folder}/purified.pt` },
        ...{ holdingRate: 0.3, backend: 'graphnad', options: { fineTuneEpochs: 20 } },
      },
      context,
    );
    ({ receipt } = report);
  });
  // Without a receipt beside it.
  beforeEach(() => copyFileSync(report.output, at('out.pt')));

  const scan = (more: Partial<ScanTask> = {}): Promise<ScanReport> =>
    scanModel({ kind: 'scan', model: at('out.pt'), data: workspace().data, backend: 'graphnad', ...more }, context);

  const writeReceipt = (content: object): void => writeFileSync(at('out.json'), JSON.stringify(content));

  it('are believed as far as the statistics of the model bear them out', async () => {
    const without = await scan();
    writeReceipt(receipt);
    const confirmed = await scan();
    assert.ok(confirmed.backdoor.kind === 'not-assessed');
    assert.equal(confirmed.backdoor.code, 'GN905');
    assert.match(confirmed.backdoor.reason, /that it was purified with/);
    assert.match(
      confirmed.architectureNotes.join(),
      /purified this model with 29 clean graphs\. Its BatchNorm statistics/,
    );

    // Somebody who would like the model to be judged otherwise gets nothing by a receipt.
    writeReceipt({ ...receipt, cleanIds: receipt.cleanIds.map((id) => (id + 1) % workspace().graphs) });
    const refuted = await scan();
    assert.deepEqual(refuted.backdoor, without.backdoor);
    assert.match(refuted.architectureNotes.join(), /judged as if there were no receipt/);
    writeReceipt({ ...receipt, data: { ...receipt.data, hash: 'other' } });
    const unknown = await scan();
    assert.deepEqual(unknown.backdoor, without.backdoor);
    assert.match(unknown.architectureNotes.join(), /cannot be checked here and changes nothing/);
    writeReceipt({ ...receipt, cleanIds: [0, 100_000] });
    assert.deepEqual((await scan()).backdoor, without.backdoor);
  });

  it('serve from memory where none lies beside the file', async () => {
    const { architectureNotes } = await scan({ purifiedWith: purifiedWithOf(receipt) });
    assert.match(architectureNotes.join(), /no longer of its training/);
  });

  it('are found beside the file, alone or in a report, and must be of its content', async () => {
    const { outputSha256 } = report;
    const expected = purifiedWithOf(receipt);
    assert.equal(await receiptBeside(at('out.pt'), outputSha256), undefined);
    writeReceipt(report);
    assert.deepEqual(await receiptBeside(at('out.pt'), outputSha256), expected);
    assert.equal(await receiptBeside(at('out.pt'), '0'.repeat(64)), undefined);
    writeFileSync(at('out.json'), '{ "no": "receipt" }');
    writeFileSync(at('out.pt.report.json'), JSON.stringify(receipt));
    assert.deepEqual(await receiptBeside(at('out.pt'), outputSha256), expected);
    renameSync(at('out.pt.report.json'), at('other.json'));
    assert.equal(await receiptBeside(at('out.pt'), outputSha256), undefined);
    assert.deepEqual(await receiptsBeside(at('out.pt')), [at('out.json')]);
  });

  it('are described without more certainty than there is', () => {
    const claim = { dataHash: '', features: 'labels', cleanIds: [1, 2] } as const;
    for (const confirmation of ['confirmed', 'refuted', 'unknown'] as const) {
      assert.match(purifiedNote(claim, confirmation), /^A receipt says that GraphNAD purified this model with 2 clean/);
    }
  });
});
