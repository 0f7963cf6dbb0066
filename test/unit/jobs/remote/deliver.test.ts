import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import type { PurifyReport } from '../../../../protocol/reports';
import { sha256Of } from '../../../../server/src/jobs/hashFile';
import { deliver, type DeliveredFile } from '../../../../server/src/jobs/remote/deliver';
import type { PurifyTask } from '../../../../server/src/jobs/tasks';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('deliver', () => {
  const tmp = useTmpFolder();
  const task = (): PurifyTask => ({ kind: 'purify', model: tmp('m.pt'), data: tmp('data'), output: tmp('out.pt') });
  const report = (content: string): PurifyReport =>
    ({ receipt: { outputSha256: sha256Of(content) }, settings: {} }) as unknown as PurifyReport;
  const file = (name: string, content: string): DeliveredFile => ({
    ...{ folder: 0, name, bytes: content.length, sha256: sha256Of(content), content: Buffer.from(content) },
  });

  it('writes the file that the report is of', async () => {
    await deliver(task(), report('purified'), [file('out.pt', 'purified')]);
    assert.equal(readFileSync(tmp('out.pt'), 'utf8'), 'purified');
  });

  it('writes nothing where the report is of another file, or there is none', async () => {
    for (const files of [[file('out.pt', 'other')], [file('x.pt', 'purified')], []]) {
      await assert.rejects(deliver(task(), report('purified'), files), { name: 'OutputError' });
    }
    assert.deepEqual(readdirSync(tmp()), []);
  });
});
