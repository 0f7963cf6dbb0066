import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { version } from '../../package.json';
import { ReportRequest, ScanRequest } from '../../protocol/requests';
import type { ScanReport } from '../../protocol/reports';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient, type LspClient } from '../support/lspClient';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { isAlive, until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';
import { writeVariant } from '../support/variants';

describe('server process', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();

  const scansOf = (client: LspClient, event: 'started' | 'ended'): number =>
    client.jobs.filter((line) => line.includes(`${event}: scan of gin`) && line.includes('(background)')).length;

  /** A workspace in which a worker is at the first scan of so many for a backdoor. */
  async function startScanning(models = 1): Promise<LspClient> {
    cpSync(tiny().model, at('gin.pt'));
    for (let i = 1; i < models; i++) writeVariant(tiny().model, at(`gin${i}.pt`), i);
    cpSync(tiny().data, at('data'), { recursive: true });
    const client = await startClient({ folders: [at()], settings: { workers: 1 } });
    await until('the scan to run', () => scansOf(client, 'started') > 0);
    return client;
  }

  it('introduces itself', async () => {
    const client = await startClient();
    const { serverInfo, capabilities } = client.initializeResult ?? {};
    assert.deepEqual(serverInfo, { name: 'graphnad', version });
    assert.deepEqual(capabilities?.workspace?.workspaceFolders, { supported: true, changeNotifications: true });
  });

  it('goes on answering when a worker is killed, and says so on the file', async () => {
    const client = await startScanning();
    client.workerIds.filter(isAlive).forEach((worker) => process.kill(worker, 'SIGKILL'));
    const [diagnostic] = await client.untilCodes(at('gin.pt'), 'GN906');
    assert.match(
      diagnostic.message,
      /^Not assessed for backdoors: .*analysis process ended unexpectedly \((SIGKILL|exit code 1)\)$/,
    );
    const report = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('gin.pt')) });
    assert.notEqual(report.backdoor.kind, 'not-assessed');
    await until('the finding to go', () => client.codes(at('gin.pt'))?.includes('GN906') === false);
  });

  it('says so, too, when a worker dies before it has looked at the file at all', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at()] });
    await until('a worker', () => client.workerIds.length > 0);
    process.kill(client.workerIds[0], 'SIGKILL');
    const [diagnostic] = await client.untilCodes(at('bad.pt'), 'GN906');
    assert.match(diagnostic.message, /^Not assessed for code or backdoors: the analysis process ended unexpectedly/);
    await client.request(ScanRequest.method, { uri: toUri(at('bad.pt')) });
    await client.untilCodes(at('bad.pt'), 'GN101', 'GN901');
  });

  it('answers while a worker computes', async () => {
    const models = 6;
    const client = await startScanning(models);
    assert.notEqual(await client.request(ReportRequest.method, { uri: toUri(at('gin.pt')) }), null);
    assert.ok(scansOf(client, 'ended') < models, client.jobs.join('\n'));
    await until('its status', () => client.statuses.some(({ activity = '' }) => /Scanning gin\d?\.pt/.test(activity)));
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    await client.filesChanged([at('bad.pt')]);
    await client.untilCodes(at('bad.pt'), 'GN101', 'GN901');
  });

  it('leaves no process behind when it is shut down in the middle of a scan', async () => {
    const client = await startScanning();
    assert.deepEqual(await client.shutDown(), [0, null]);
    assert.deepEqual([client.processId, ...client.workerIds].filter(isAlive), []);
  });

  it('speaks over the channel of Node as over its standard streams', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at()], transport: 'ipc' });
    await client.untilCodes(at('bad.pt'), 'GN101', 'GN901');
    assert.deepEqual(await client.shutDown(), [0, null]);
    assert.deepEqual([client.processId, ...client.workerIds].filter(isAlive), []);
  });

  it('leaves no process behind when it is killed', async () => {
    const client = await startScanning();
    process.kill(client.processId, 'SIGKILL');
    await until('the workers to end', () => !client.workerIds.some(isAlive));
  });

  for (const transport of ['stdio', 'ipc']) {
    it(`ends when its client does, over ${transport}`, async () => {
      const script = `
        require('tsx/cjs');
        const { LspClient } = require(${JSON.stringify(require.resolve('../support/lspClient'))});
        LspClient.start({ transport: '${transport}' }).then(({ processId }) => console.log(processId));`;
      const parent = spawn(process.execPath, ['-e', script]);
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const server = Number(String(line));
      assert.ok(isAlive(server));
      parent.kill('SIGKILL');
      await until('the server to end', () => !isAlive(server));
    });
  }
});
