import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { useLspClient } from '../support/lspClient';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { until } from '../support/processes';
import { useTmpFolder } from '../support/tmpFolder';

describe('workspace folders and settings', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const bad = ['GN101', 'GN901'];

  function putBad(file: string): string {
    writeFileSync(at(file), maliciousCheckpoint());
    return at(file);
  }

  it('scans several folders, a folder that is added, and forgets one that is removed', async () => {
    for (const folder of ['one', 'two', 'three']) mkdirSync(at(folder));
    const files = ['one/a.pt', 'two/b.pt', 'three/c.pt'].map(putBad);
    const client = await startClient({ folders: [at('one'), at('two')] });
    await client.untilCodes(files[0], ...bad);
    await client.untilCodes(files[1], ...bad);
    assert.equal(client.diagnostics(files[2]), undefined);
    await client.foldersChanged([at('three')], [at('one')]);
    await client.untilCodes(files[0]);
    await client.untilCodes(files[2], ...bad);
    assert.deepEqual(client.codes(files[1])?.length, 2);
  });

  it('obeys and follows the settings', async () => {
    mkdirSync(at('old'));
    const [file, old] = ['a.pt', 'old/b.pt'].map(putBad);
    const client = await startClient({ folders: [at()], settings: { scan: { enabled: false } } });
    await until('the search to end', () => client.log.some((line) => line.includes('2 model files')));
    assert.equal(client.diagnostics(file), undefined);

    await client.changeSettings({ scan: { exclude: ['old/**'] } });
    await client.untilCodes(file, ...bad);
    assert.equal(client.diagnostics(old), undefined);

    await client.changeSettings({ scan: { exclude: [], backdoors: false } });
    await client.untilCodes(file, 'GN101');
    await client.untilCodes(old, 'GN101');

    await client.changeSettings({ scan: { exclude: [], maxFileSize: 0.0001 } });
    const tooLarge = (await client.untilCodes(file, 'GN101', 'GN901')).find(({ code }) => code === 'GN901');
    assert.match(tooLarge?.message ?? '', /more than graphnad\.scan\.maxFileSize \(0\.0001 MB\)/);

    await client.changeSettings({ scan: { enabled: false, exclude: [] } });
    await client.untilCodes(file);
    await client.untilCodes(old);
  });

  it('names a setting that makes no sense', async () => {
    const client = await startClient({ settings: { backend: 'abacus' } });
    await until('a word about it', () => client.log.some((line) => /graphnad\.backend is "abacus"/.test(line)));
  });

  it('takes settings from a client that cannot be asked', async () => {
    const file = putBad('a.pt');
    const client = await startClient({ folders: [at()], capabilities: {} });
    const [first] = await client.untilCodes(file, ...bad);
    assert.equal('relatedInformation' in first, false);
    assert.ok(client.log.some((line) => line.includes('does not watch files')));
  });
});
