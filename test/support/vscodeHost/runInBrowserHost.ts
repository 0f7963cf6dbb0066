/** Runs a Mocha bundle inside the extension host of code-server. */
import { appendFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { testResultsFolder } from '../../../scripts/lib/paths';
import { launchBrowser } from '../browser/launchBrowser';
import type { SuiteResults } from '../results';
import { startCodeServer } from './codeServer';
import { type HostedSuite, runHosted } from './hostedSuite';
import { installCodeServer } from './installCodeServer';

/** What tests and extensions print inside the host. */
const consoleLog = path.join(testResultsFolder, 'extension-host-console.log');

/** @throws where the host does not start, the time limit passes, or there are no results or contradictory ones */
export function runInBrowserHost(suite: HostedSuite): Promise<SuiteResults> {
  return runHosted(suite, async () => {
    await rm(consoleLog, { force: true });
    const host = await startCodeServer(await installCodeServer(), {
      testDriver: true,
      env: { GRAPHNAD_RESULTS: suite.results },
      log: path.join(testResultsFolder, 'extension-host.log'),
    });
    try {
      return await openAndWait(host.authority, suite);
    } finally {
      await host.stop();
    }
  });
}

/** Opens the workbench with the suite as its payload and waits for the exit code. */
async function openAndWait(authority: string, suite: HostedSuite): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const exit = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no end after ${suite.timeLimit / 1000} s; see test-results/extension-host*.log`)),
        suite.timeLimit,
      );
      timer.unref();
      page.once('crash', () => reject(new Error('the browser page crashed')));
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (type: string, values: unknown[]) =>
      appendFile(consoleLog, `${type}: ${values.map(String).join(' ')}\n`),
    );
    const remote = (file: string): string => `vscode-remote://${authority}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(suite.extension)],
      ['extensionTestsPath', remote(suite.tests.replace(/\.js$/, ''))],
      ['skipWelcome', 'true'],
    ];
    const query = new URLSearchParams({ folder: suite.workspace, payload: JSON.stringify(payload) });
    await page.goto(`http://${authority}/?${query.toString()}`);
    return await exit;
  } finally {
    await browser.close();
  }
}
