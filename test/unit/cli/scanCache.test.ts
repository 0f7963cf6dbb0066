import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { UsageError } from '../../../server/src/cli/arguments';
import { scanCache } from '../../../server/src/cli/scanCache';
import { useTmpFolder } from '../../support/tmpFolder';

describe('scanCache', () => {
  const at = useTmpFolder();

  it('refuses a folder in what is scanned, where anybody may have put results', async () => {
    mkdirSync(at('repository/models'), { recursive: true });
    for (const folder of ['repository', 'repository/.cache', 'repository/models/a/b']) {
      await assert.rejects(scanCache(at(folder), [at('repository'), at('repository/models')]), UsageError);
    }
    await scanCache(at('cache'), [at('repository')]);
    await scanCache(undefined, [at()]);
    assert.deepEqual(readdirSync(at()), ['repository']);
  });
});
