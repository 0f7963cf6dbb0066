import assert from 'node:assert/strict';
import { ordered, partners } from '../../../../client/attention/modelPair';

describe('a pair of models', () => {
  it('has the purified file last, as its name says', () => {
    const pair = { before: '/w/gin.pt', after: '/w/gin.purified.pt' };
    assert.deepEqual(ordered('/w/gin.pt', '/w/gin.purified.pt'), pair);
    assert.deepEqual(ordered('/w/gin.purified.pt', '/w/gin.pt'), pair);
    assert.deepEqual(ordered('/w/b.pt', '/w/a.pt'), { before: '/w/b.pt', after: '/w/a.pt' });
  });
});

describe('partners', () => {
  const files = ['/w/other/z.pt', '/w/m/gin.pt', '/w/m/gin.purified.pt', '/w/m/b.pt', '/w/m/gin.purified.safetensors'];

  it('begin with what belongs to the model, by its name', () => {
    assert.deepEqual(partners('/w/m/gin.pt', files, undefined), [
      { file: '/w/m/gin.purified.pt', by: 'name' },
      { file: '/w/m/b.pt', by: 'folder' },
      { file: '/w/m/gin.purified.safetensors', by: 'folder' },
      { file: '/w/other/z.pt', by: 'other' },
    ]);
    assert.deepEqual(partners('/w/m/gin.purified.pt', files, undefined)[0], { file: '/w/m/gin.pt', by: 'name' });
  });

  it('know what a receipt says, wherever that lies', () => {
    assert.deepEqual(partners('/w/m/b.pt', files, '/w/other/z.pt')[0], { file: '/w/other/z.pt', by: 'receipt' });
  });

  it('do not take a file of the same name elsewhere for its own', () => {
    assert.deepEqual(partners('/w/gin.pt', ['/w/m/gin.purified.pt'], undefined), [
      { file: '/w/m/gin.purified.pt', by: 'other' },
    ]);
  });
});
