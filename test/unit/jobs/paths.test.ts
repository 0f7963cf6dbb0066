import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { isWithin } from '../../../server/src/jobs/paths';
import { useTmpFolder } from '../../support/tmpFolder';

describe('isWithin', () => {
  const at = useTmpFolder();

  it('tells what lies in a folder from what lies beside it', async () => {
    mkdirSync(at('work'));
    assert.equal(await isWithin(at('work'), [at('work')]), true);
    assert.equal(await isWithin(at('work/a/b'), [at('other'), at('work')]), true);
    assert.equal(await isWithin(at('workshop'), [at('work')]), false);
    assert.equal(await isWithin(at('..work'), [at('work')]), false);
    assert.equal(await isWithin(at('work/..cache'), [at('work')]), true);
    assert.equal(await isWithin(at(), [at('work')]), false);
    assert.equal(await isWithin(at('work'), []), false);
  });

  it('follows links, above what does not exist yet as well', async () => {
    mkdirSync(at('work'));
    symlinkSync(at('work'), at('link'), 'dir');
    assert.equal(await isWithin(at('link/new/cache'), [at('work')]), true);
    assert.equal(await isWithin(at('work/new'), [at('link')]), true);
  });
});
