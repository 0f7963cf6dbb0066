import assert from 'node:assert/strict';
import { findingCodes } from '../../../protocol/findings';
import { findingPage } from '../../../server/src/report/findingPage';

describe('findingPage', () => {
  it('is an address of the repository for every code', () => {
    for (const code of findingCodes) {
      assert.match(findingPage(code), new RegExp(`^https://[^+]+/blob/main/docs/findings/${code}\\.md$`));
    }
  });
});
