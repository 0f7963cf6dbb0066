import assert from 'node:assert/strict';
import { visible } from '../../../server/src/report/visible';

describe('visible', () => {
  it('escapes what steers a terminal, breaks a line or turns text around', () => {
    assert.equal(visible('a\x1b[2Kb\nc\u202ed\u2028e'), 'a\\u{1b}[2Kb\\u{a}c\\u{202e}d\\u{2028}e');
  });

  it('leaves names of every language as they are', () => {
    for (const name of ['gin.pt', 'größe (1).pt', '模型 2.pt', 'models/ä/b.pt']) assert.equal(visible(name), name);
  });
});
