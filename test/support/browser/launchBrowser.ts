import { type Browser, chromium } from 'playwright-core';
import { ensureBrowser } from './fetchBrowser';

/** Starts a headless browser that keeps to itself. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const { executable, env } = await ensureBrowser();
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...env },
    // Containers rarely allow the sandbox; the only page shown is our own host.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
