import assert from 'node:assert/strict';
import { markdownCode, markdownText } from '../../../server/src/report/markdownText';

describe('text in Markdown', () => {
  it('means nothing but itself', () => {
    assert.equal(markdownText('a *b* [c](d) <e> #f|g'), String.raw`a \*b\* \[c\]\(d\) \<e\> \#f|g`);
    assert.equal(markdownText('one\ntwo'), String.raw`one\\u\{a\}two`);
  });

  it('is fenced as code by more backticks than it holds', () => {
    assert.equal(markdownCode('plain'), '`plain`');
    assert.equal(markdownCode('a`b'), '``a`b``');
    assert.equal(markdownCode('`b'), '`` `b ``');
    assert.equal(markdownCode('x', true), '```sh\nx\n```');
  });
});
