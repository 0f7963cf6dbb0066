import assert from 'node:assert/strict';
import { withoutSecrets } from '../../../../client/diagnostics/withoutSecrets';

describe('withoutSecrets', () => {
  it('leaves nothing of user and password, however they are written', () => {
    for (const secret of ['ann:secret', ':secret', ':sec@ret', ':sec/ret']) {
      assert.equal(withoutSecrets(`rediss://${secret}@queue:6379/1`), 'rediss://...@queue:6379/1');
    }
  });

  it('leaves other values as they are', () => {
    for (const value of ['redis://queue:6379', '', 3, ['a'], { b: true }, undefined]) {
      assert.equal(withoutSecrets(value), value);
    }
  });
});
