/** What a person sees of the choice of what computes, in a real workbench with the packed extension. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runsTensorFlow } from '../../client/runtime/nodeRuntime';
import { findNpm } from '../../client/tensorflow/findNpm';
import { testResultsFolder } from '../../scripts/lib/paths';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { until } from '../support/processes';
import { serveNpmPackage, type NpmRegistry } from '../support/npmRegistry';
import { RedisServer } from '../support/redis/redisServer';
import { installPackage, workingPackage } from '../support/tensorflowPackages';
import type { CodeServer } from '../support/vscodeHost/codeServer';
import { startTestHost } from '../support/vscodeHost/testHost';
import { Workbench } from '../support/vscodeHost/workbench';

describe('choosing what computes in the workbench', function () {
  this.timeout(120_000);
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;
  let registry: NpmRegistry;

  before(async () => {
    workspace = await makeTestWorkspace();
    await setRuntime(path.join(workspace.folder, 'no-such-node'));
    registry = await tensorFlowRegistry(path.join(path.dirname(workspace.folder), 'package'));
    host = await startTestHost('backends', {
      // npm asks this registry: nothing comes from a network.
      env: { npm_config_registry: registry.url },
    });
    workbench = await Workbench.open(host, workspace.folder);
  });

  after(async () => {
    await workbench?.screenshot('backends-last').catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    registry?.close();
    await workspace?.remove();
  });

  const brokenServer = () => workbench.statusItem.locator('.codicon-error');

  async function setRuntime(file: string): Promise<void> {
    const folder = path.join(workspace.folder, '.vscode');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ 'graphnad.server.runtime': file }));
  }

  it('names the setting, the path and the reason where the server cannot run on the Node.js that was named', async () => {
    const notification = workbench.notification('graphnad.server.runtime');
    await notification.waitFor();
    const text = await notification.innerText();
    assert.match(text, /no-such-node, which does not exist/);
    assert.match(text, /Models are not being checked/);
    await brokenServer().waitFor();
    await workbench.screenshot('8-runtime');
    await notification.getByRole('button', { name: 'Open Settings' }).click();
    const setting = workbench.page.locator('.settings-editor [data-key="graphnad.server.runtime"]');
    await setting.waitFor();
    const shown = await setting.locator('input').first().inputValue();
    assert.equal(shown, path.join(workspace.folder, 'no-such-node'), 'the tab that holds the value is shown');
    await workbench.screenshot('8-setting');
    await workbench.page.keyboard.press('Escape');
    await setting.waitFor({ state: 'detached' });
    await rm(path.join(workspace.folder, '.vscode'), { recursive: true });
    await brokenServer().waitFor({ state: 'detached' });
    await workbench.dismissNotifications();
  });

  it('does it by a queue, of which the server alone gets the password', async () => {
    const password = `secret-${randomUUID()}`;
    const data = path.join(path.dirname(workspace.folder), 'redis');
    await mkdir(data);
    const redis = await RedisServer.start({ folder: data, password });
    try {
      await setQueue(`redis://localhost:${redis.port}`);
      await saysOfQueue(/cannot be used/);
      await setPassword(password);
      await saysOfQueue(/has no worker: \d+ jobs? waiting/);

      await workbench.runCommand('GraphNAD: Collect Diagnostics');
      await workbench.page.getByRole('tab', { name: /Untitled/ }).waitFor();
      await findsInEditor(`localhost:${redis.port}`, /^\S+ of [1-9]\d*$/);
      await findsInEditor(password, /^No results$/);
      assert.deepEqual(await filesThatSay(password, [host.profile, testResultsFolder]), []);

      await setPassword('');
      await saysOfQueue(/cannot be used/);
    } finally {
      await setQueue('');
      await redis.kill();
    }
  });

  it('installs TensorFlow only after it told what, from where and where to, and somebody agreed', async () => {
    if (!runsTensorFlow({ version: process.versions.node })) {
      await workbench.runCommand('GraphNAD: Install the TensorFlow Backend');
      await workbench.notification(/needs Node\.js 20 or 22/).waitFor();
      return;
    }
    await askToInstall();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    assert.match(text, /Install @tensorflow\/tfjs-node@[\d.]+\?/);
    assert.match(text, /MB to download.*on disk/);
    assert.match(text, /npm registry.*storage at Google/);
    const folder = /To: (.*[\\/]tensorflow)\./.exec(text)?.[1];
    assert.ok(folder, text);
    assert.ok(!folder.startsWith(workspace.folder), 'nothing is put into the project');
    await workbench.screenshot('9-agree');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.ok(!existsSync(folder));
    assert.ok(!existsSync(`${folder}.unfinished`));

    await askToInstall();
    await dialog.getByRole('button', { name: 'Install', exact: true }).click();
    const done = workbench.notification('TensorFlow is installed and works');
    await done.waitFor({ timeout: 60_000 });
    assert.ok(existsSync(path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node', 'index.js')));
    await workbench.screenshot('9-installed');
    await done.getByRole('button', { name: 'Use TensorFlow' }).click();
    await until('the settings to name TensorFlow and its Node.js', async () => {
      const text = await readFile(machineSettings(), 'utf8').catch(() => '');
      return /"graphnad\.backend": "tensorflow"/.test(text) && /"graphnad\.server\.runtime": ".+"/.test(text);
    });
  });

  /** No setting of a workspace, nor of the user where the window is connected to another machine. */
  const machineSettings = (): string => path.join(host.profile, 'Machine', 'settings.json');

  async function setQueue(url: string): Promise<void> {
    await mkdir(path.dirname(machineSettings()), { recursive: true });
    await writeFile(machineSettings(), JSON.stringify({ 'graphnad.queue.url': url }));
  }

  async function setPassword(password: string): Promise<void> {
    await workbench.runCommand('GraphNAD: Set Queue Password...');
    const input = workbench.page.locator('.quick-input-widget input[type="password"]');
    await input.fill(password);
    await input.press('Enter');
  }

  async function saysOfQueue(what: RegExp): Promise<void> {
    const said = async (): Promise<string> => (await workbench.statusItem.getAttribute('aria-label')) ?? '';
    await until(String(what), async () => what.test(await said()), 60_000);
  }

  /**
   * Waits until the find widget says so of a text: `1 of 3`, or `No results`. It counts a moment after the text changed,
   * and says until then what holds of the one before.
   */
  async function findsInEditor(text: string, matches: RegExp): Promise<void> {
    const { page } = workbench;
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+F');
    await page.locator('.find-widget textarea').first().fill(text);
    await page.locator('.find-widget .matchesCount').filter({ hasText: matches }).waitFor();
  }

  async function askToInstall(): Promise<void> {
    await workbench.runCommand('GraphNAD: Install the TensorFlow Backend');
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    await workbench.quickPickRow('NVIDIA GPU').waitFor();
    await workbench.screenshot('9-packages');
    await workbench.quickPickRow('TensorFlow on the CPU').first().click();
  }
});

async function filesThatSay(text: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(file)).includes(text)) found.push(file);
    }
  }
  return found;
}

/** A registry that has the stand-in for TensorFlow for Node.js under its name. */
function tensorFlowRegistry(folder: string): Promise<NpmRegistry> {
  installPackage(folder, 'tfjs-node', workingPackage);
  const npm = findNpm(process.execPath);
  assert.ok(npm, 'npm was found');
  return serveNpmPackage(path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node'), npm);
}
