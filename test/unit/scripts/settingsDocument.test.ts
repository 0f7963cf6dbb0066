import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { settingsDocument, settingsFile } from '../../../scripts/lib/settingsDocument';
import { purificationMethods, settingsOf } from '../../../server/src/defense/options';

describe('docs/settings.md', function () {
  this.timeout(30_000);

  it('is what the settings tables say now; if not, run `node scripts/run.mjs settings`', async () => {
    assert.equal(readFileSync(settingsFile, 'utf8').replaceAll('\r\n', '\n'), await settingsDocument());
  });

  it('has a line for every setting of every method, with its default', () => {
    const sections = readFileSync(settingsFile, 'utf8').split(/^###? /m);
    for (const method of purificationMethods) {
      const section = sections.find((text) => text.startsWith(`\`${method}\`: `)) ?? assert.fail(method);
      const lines = [...section.matchAll(/^\| `(\w+)` +\| `?([^`|; ]+)/gm)].map(([, name, value]) => [name, value]);
      const expected = Object.entries(settingsOf[method]).map(([name, setting]) => [name, String(setting.default)]);
      assert.deepEqual(lines, expected);
    }
  });

  it('has the attacks that a setting is for', () => {
    const text = readFileSync(settingsFile, 'utf8');
    assert.match(text, /^\| `poisoningRate` +\| all /m);
    assert.match(text, /^\| `density` +\| `subgraph`, `clean-label` /m);
  });
});
