import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findingCodes } from '../../../../protocol/findings';
import { ruleDescriptors, ruleIndex } from '../../../../server/src/report/sarif/rules';

const pages = path.resolve(__dirname, '../../../../docs/findings');

describe('ruleDescriptors', () => {
  const rules = ruleDescriptors();

  it('describe every code at its index, by different names', () => {
    for (const code of findingCodes) assert.equal(rules[ruleIndex(code)].id, code);
    assert.equal(rules.length, findingCodes.length);
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const { name } of rules) assert.match(name ?? '', /^([A-Z][a-z]+)+$/);
  });

  it('say the same as the pages they lead to', () => {
    for (const { id, shortDescription, helpUri, help } of rules) {
      const head = readFileSync(path.join(pages, `${id}.md`), 'utf8').split('\n')[0];
      assert.equal(head.toLowerCase(), `# ${id}: ${shortDescription?.text}`.toLowerCase().replace(/\.$/, ''));
      assert.ok(helpUri?.endsWith(`/docs/findings/${id}.md`));
      assert.ok(help?.text.endsWith(helpUri ?? '?'));
    }
  });

  it('have texts that services show whole', () => {
    for (const { fullDescription, shortDescription, help } of rules) {
      assert.match(fullDescription?.text ?? '', /^[A-Z].*\.$/);
      assert.ok((fullDescription?.text.length ?? 0) <= 1000);
      assert.ok((shortDescription?.text.length ?? 0) <= 100);
      assert.ok(help?.markdown);
    }
  });

  it('rank what is about security, and never what was not assessed', () => {
    for (const { id, properties } of rules) {
      const severity = properties?.['security-severity'] as string | undefined;
      assert.equal(properties?.tags?.includes('security'), severity !== undefined, id);
      if (id.startsWith('GN9')) assert.equal(severity, undefined);
      else if (!['GN302', 'GN303'].includes(id)) assert.match(severity ?? '', /^\d\.\d$/);
    }
  });
});
