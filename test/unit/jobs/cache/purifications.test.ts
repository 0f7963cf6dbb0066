import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Purifications, type PurificationResult } from '../../../../server/src/jobs/cache/purifications';
import { ResultCache } from '../../../../server/src/jobs/cache/resultCache';
import { useTmpFolder } from '../../../support/tmpFolder';

const result: PurificationResult = {
  sha256: 'ab'.repeat(32),
  findings: [{ code: 'GN301', severity: 'warning', message: 'Still flipped', details: ['Mend it.'] }],
  data: '/data/AIDS',
  features: 'labels',
  purifiedWith: { dataHash: 'ef'.repeat(32), features: 'labels', cleanIds: [3, 5] },
};

describe('Purifications', () => {
  const at = useTmpFolder();
  const session = (program = '1'): Purifications =>
    new Purifications(() => Promise.resolve({ results: new ResultCache({ folder: at('kept') }), program }));

  it('are known in later sessions, of other versions too, for the same content alone', async () => {
    await session().remember(result);
    assert.deepEqual(await session('2').of(result.sha256), result);
    assert.equal(await session().of('cd'.repeat(32)), undefined);
  });

  it('are remembered for the session where nothing is kept', async () => {
    const purifications = new Purifications(() => Promise.resolve(undefined));
    await purifications.remember(result);
    assert.deepEqual(await purifications.of(result.sha256), result);
  });

  it('are not taken when they were tampered with', async () => {
    await session().remember(result);
    const [name] = readdirSync(at('kept'));
    const file = path.join(at('kept'), name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('Still flipped', 'All is well'));
    assert.equal(await session().of(result.sha256), undefined);
  });
});
