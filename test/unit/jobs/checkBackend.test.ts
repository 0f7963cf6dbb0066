import assert from 'node:assert/strict';
import { checkBackend } from '../../../server/src/jobs/checkBackend';
import { testedBackends } from '../../support/backends';

describe('checkBackend', () => {
  for (const backend of testedBackends) {
    it(`starts ${backend} by name`, async () => {
      const inUse = await checkBackend({ backend });
      assert.equal(inUse.backend, backend);
      assert.ok(Array.isArray(inUse.notes));
    });
  }

  it('says which one is taken where nothing is asked for', async () => {
    assert.deepEqual(await checkBackend({ backend: 'auto' }), { backend: 'graphnad', notes: [] });
  });
});
