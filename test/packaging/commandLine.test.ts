import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../scripts/lib/command';
import { packageFile } from '../../scripts/lib/paths';
import { SideThread } from '../../server/src/jobs/side/sideThread';
import { onThreads } from '../../server/src/tensor/threads';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { unpackExtension } from '../support/vscodeHost/unpackExtension';

/** Far from the repository, so that nothing can be found in its `node_modules`. */
describe('the packed command line', function () {
  this.timeout(180_000);
  let temporary: string;
  let workspace: TestWorkspace;
  let extension: string;

  before(async () => {
    temporary = await realpath(await mkdtemp(path.join(tmpdir(), 'graphnad-packed-')));
    extension = await unpackExtension(packageFile, path.join(temporary, 'extension'));
    workspace = await makeTestWorkspace();
  });
  after(async () => {
    await rm(temporary, { recursive: true, force: true });
    await workspace?.remove();
  });

  async function graphnad(...args: readonly string[]): Promise<unknown> {
    const command = [path.join(extension, 'dist', 'cli.js'), ...args, '--json'];
    const { stdout, output } = await runCommand(process.execPath, command, { cwd: temporary });
    assert.ok(stdout.startsWith('{'), output);
    return JSON.parse(stdout) as unknown;
  }

  it('runs the model on each backend that ships, with the same result', async () => {
    const logits: number[][][] = [];
    for (const backend of ['graphnad', 'cpu']) {
      const model = path.join(workspace.folder, 'models', 'clean.pt');
      const data = path.join(workspace.folder, 'data', 'MOLECULES');
      const args = ['predict', model, '--data', data, '--graphs', '0,1,2', '--backend', backend];
      logits.push(((await graphnad(...args)) as { logits: number[][] }).logits);
    }
    const [ours, plain] = logits.map((rows) => rows.flat());
    assert.equal(ours.length, 6);
    ours.forEach((value, i) =>
      assert.ok(Math.abs(value - plain[i]) < 1e-4 * Math.max(1, Math.abs(value)), `${value} ${plain[i]}`),
    );
  });

  it('takes results of an earlier run from the folder of --cache, which must not be where models are', async () => {
    interface Output {
      readonly reports: readonly { readonly backdoor: { readonly kind: string }; readonly cached?: object }[];
    }
    const model = path.join(workspace.folder, 'models', 'clean.pt');
    const data = path.join(workspace.folder, 'data', 'MOLECULES');
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'graphnad-cache-'));
    try {
      const scan = async (cache: string): Promise<Output['reports'][number]> =>
        ((await graphnad('scan', model, '--data', data, '--cache', cache)) as Output).reports[0];
      const first = await scan(elsewhere);
      assert.notEqual(first.backdoor.kind, 'not-assessed');
      const { cached, ...second } = await scan(elsewhere);
      assert.deepEqual(second, first);
      assert.notEqual(cached, undefined);
      await assert.rejects(scan(path.join(workspace.folder, 'models', 'cache')), /lies in what is scanned/);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('reports the code payload of a checkpoint without running it', async () => {
    const model = path.join(workspace.folder, 'models', 'malicious.pt');
    const { findings } = (await graphnad('inspect', model)) as { findings: { code: string; message: string }[] };
    const [finding] = findings.filter(({ code }) => code === 'GN101');
    assert.match(finding.message, /system/);
  });

  it('finds a side thread beside it that answers: purifying would do without, and tell nobody', async () => {
    await onThreads(2, async () => {
      const thread = SideThread.start({ script: path.join(extension, 'dist', 'side.js') });
      assert.ok(thread);
      await assert.rejects(thread.ask({ kind: 'find-trigger' }), /nothing was opened/);
      thread.end();
    });
  });
});
