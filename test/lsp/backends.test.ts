import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { ErrorCodes, LSPErrorCodes } from 'vscode-languageserver/node';
import type { ScanReport } from '../../protocol/reports';
import { CheckBackendRequest, ScanRequest } from '../../protocol/requests';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { installPackage, packageWithoutAddon, workingPackage } from '../support/tensorflowPackages';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('backends', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  const settings = { scan: { enabled: false }, backend: 'tensorflow' };

  beforeEach(() => {
    cpSync(tiny().model, at('models/gin.pt'));
    cpSync(tiny().data, at('models/TINY'), { recursive: true });
  });

  const start = () => startClient({ folders: [at('models')], settings, env: { GRAPHNAD_TENSORFLOW: at('installed') } });

  it('are checked on request', async () => {
    const client = await start();
    const check = (backend: string) =>
      client.request<CheckBackendRequest.Result>(CheckBackendRequest.method, { backend });
    assert.deepEqual(await check('graphnad'), { backend: 'graphnad', notes: [] });
    assert.deepEqual(await check('auto'), { backend: 'graphnad', notes: [] });
    await assert.rejects(check('abacus'), { code: ErrorCodes.InvalidParams, message: 'there is no backend "abacus"' });
  });

  it('run TensorFlow from the folder that the client names', async () => {
    installPackage(at('installed'), 'tfjs-node', workingPackage);
    const client = await start();
    const report = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('models/gin.pt')) });
    assert.equal(report.settings.backend, 'tensorflow');
    assert.notEqual(report.backdoor.kind, 'not-assessed');
  });

  it('tell what the user should know about TensorFlow, in the report, too', async () => {
    installPackage(at('installed'), 'tfjs-node-gpu', packageWithoutAddon);
    installPackage(at('installed'), 'tfjs-node', workingPackage);
    const client = await start();
    const { notes } = await client.request<CheckBackendRequest.Result>(CheckBackendRequest.method, {
      backend: 'tensorflow',
    });
    assert.match(notes.join(), /tfjs-node-gpu could not be loaded: its native part is missing.*is used instead/);
    const report = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('models/gin.pt')) });
    assert.deepEqual(
      report.architectureNotes.filter((note) => notes.includes(note)),
      notes,
    );
  });

  it('do nothing else where TensorFlow was chosen and does not work: the model is not assessed, and why is said', async () => {
    installPackage(at('installed'), 'tfjs-node', packageWithoutAddon);
    const client = await start();
    const reason = /tfjs-node could not be loaded: its native part is missing/;
    await assert.rejects(client.request(CheckBackendRequest.method, { backend: 'tensorflow' }), {
      code: LSPErrorCodes.RequestFailed,
      message: reason,
    });
    const report = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('models/gin.pt')) });
    assert.equal(report.backdoor.kind, 'not-assessed');
    assert.match(report.backdoor.kind === 'not-assessed' ? report.backdoor.reason : '', reason);
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['GN906'],
    );
  });
});
