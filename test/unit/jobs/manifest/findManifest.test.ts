import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { findManifest, searchBoundary } from '../../../../server/src/jobs/manifest/findManifest';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('finding a manifest', () => {
  const at = useTmpFolder();

  it('takes the nearest file of that name', async () => {
    mkdirSync(at('a/graphnad.json'), { recursive: true });
    writeFileSync(at('graphnad.json'), '{}');
    assert.equal(await findManifest(at('a/gin.pt'), at()), at('graphnad.json'), 'a folder is none');
    assert.equal(await findManifest(at('a/gin.pt'), at('a')), undefined);
  });

  it('goes to the top of the repository, else to the current folder, else no further up', async () => {
    mkdirSync(at('repository/models'), { recursive: true });
    assert.equal(await searchBoundary(at('repository/models/gin.pt'), at()), at());
    assert.equal(await searchBoundary(at('repository/models/gin.pt'), at('elsewhere')), at('repository/models'));
    mkdirSync(at('repository/.git'));
    assert.equal(await searchBoundary(at('repository/models/gin.pt'), at()), at('repository'));
    assert.equal(await searchBoundary(at('repository/models/gin.pt'), at('repository/models')), at('repository'));
  });
});
