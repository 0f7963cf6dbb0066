import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { lackOf } from '../../../../server/src/jobs/remote/tries';
import { inWorkplace, requireWorkplace, WorkplaceError } from '../../../../server/src/jobs/remote/workplace';
import { useTmpFolder } from '../../../support/tmpFolder';

describe("a worker's own folder", () => {
  const tmp = useTmpFolder();

  it('is made, tried and left as it was', async () => {
    await requireWorkplace(tmp('a', 'b'));
    assert.deepEqual(readdirSync(tmp('a', 'b')), []);
  });

  it('is refused where nothing can be written', async () => {
    writeFileSync(tmp('file'), '');
    for (const folder of [tmp('file'), tmp('file', 'below')]) {
      await assert.rejects(requireWorkplace(folder), (error) => {
        assert.ok(error instanceof WorkplaceError);
        assert.match(error.message, /^the worker's own folder cannot be used: E(EXIST|NOTDIR).*file/);
        return true;
      });
    }
  });

  it('is no fault of any job, and what has to do with jobs is none of the folder', async () => {
    mkdirSync(tmp('there'));
    const failure = inWorkplace(tmp(), () => writeFile(tmp('there'), ''));
    await assert.rejects(failure, (error) => /cannot be used: EISDIR/.test(lackOf(error) ?? ''));
    const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    await assert.rejects(
      inWorkplace(tmp(), () => Promise.reject(lost)),
      lost,
    );
    assert.equal(lackOf(lost), undefined);
  });
});
