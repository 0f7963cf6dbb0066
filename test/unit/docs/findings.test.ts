import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findingCodes } from '../../../protocol/findings';

const folder = path.resolve(__dirname, '../../../docs/findings');
const needed = ['What it means', 'How it is found', 'How often it is wrong', 'What to do', 'False alarms'];

describe('the pages about findings', () => {
  it('are one for every code, and none besides', () => {
    assert.deepEqual(readdirSync(folder).sort(), findingCodes.map((code) => `${code}.md`).sort());
  });

  for (const code of findingCodes) {
    it(`answer what everybody asks about ${code}, in the same order`, () => {
      const sections = readFileSync(path.join(folder, `${code}.md`), 'utf8').split(/^## /m);
      assert.ok(sections[0].startsWith(`# ${code}: `));
      const heads = sections.slice(1).map((section) => section.split('\n')[0]);
      assert.deepEqual(
        heads.filter((head) => needed.includes(head)),
        needed,
      );
      for (const section of sections.slice(1)) {
        const [head, ...body] = section.split('\n');
        assert.match(body.join('\n'), /\w.*\./s, `${head} is empty`);
      }
    });
  }

  it('lead to pages that are there', () => {
    for (const code of findingCodes) {
      const text = readFileSync(path.join(folder, `${code}.md`), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)#:]+)[^)]*\)/g)) {
        assert.ok(existsSync(path.join(folder, target)), `${code}.md: ${target}`);
      }
    }
  });

  it('send readers of statistical findings to the measured rates', () => {
    for (const code of ['GN201', 'GN202', 'GN203']) {
      assert.match(readFileSync(path.join(folder, `${code}.md`), 'utf8'), /\]\(\.\.\/detection\.md\)/);
    }
  });
});
