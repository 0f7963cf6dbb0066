/** Fetches a headless Chromium where the machine has none. */
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { mustRun, toolCommand } from '../../../scripts/lib/command';
import { makeFolderOnce } from '../../../scripts/lib/makeFolderOnce';
import { hostFolder } from '../../../scripts/lib/paths';
import { npmInstall } from '../npmInstall';
import versions from '../vscodeHost/versions.json';
import { type Browser, findBrowser, playwrightBrowsers } from './findBrowser';

/** Ships a compressed browser inside; nothing of the package's own code is run. */
const packageName = '@sparticuz/chromium';
const downloadLimit = 120_000;

/**
 * A browser to drive; where the machine has none, it is fetched by Playwright, else taken out of an npm package.
 *
 * @throws an error that says what was tried and what to install
 */
export async function ensureBrowser(): Promise<Browser> {
  const present = findBrowser();
  if (present) return present;
  const tried: string[] = [];
  for (const fetchBrowser of [fetchFromPackage, fetchFromPlaywright]) {
    try {
      const browser = await fetchBrowser();
      await mustRun(browser.executable, ['--version'], {
        env: { ...process.env, ...browser.env },
        timeLimit: 30_000,
      });
      return browser;
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    'No Chromium was found and none could be fetched. Install one (on Debian: apt-get install chromium) ' +
      `or name one in GRAPHNAD_CHROMIUM.\n${tried.join('\n')}`,
  );
}

async function fetchFromPlaywright(): Promise<Browser> {
  const cache = path.join(hostFolder, 'playwright');
  await mustRun(process.execPath, [...toolCommand('playwright-core'), 'install', 'chromium-headless-shell'], {
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: cache },
    timeLimit: downloadLimit,
  });
  const [executable] = playwrightBrowsers(cache);
  if (executable === undefined) throw new Error(`Playwright left no browser in ${cache}`);
  return { executable };
}

async function fetchFromPackage(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${packageName} has no browser for ${process.platform} ${process.arch}`);
  }
  const folder = await makeFolderOnce(path.join(hostFolder, `chromium-${versions.chromium}`), async (partial) => {
    console.error(`No Chromium found: fetching ${packageName} ${versions.chromium} ...`);
    await npmInstall(partial, { [packageName]: versions.chromium });
    const archives = path.join(partial, 'node_modules', packageName, 'bin');
    await decompress(path.join(archives, 'chromium.br'), path.join(partial, 'chromium'));
    await chmod(path.join(partial, 'chromium'), 0o755);
    // Libraries and a font for machines that have no desktop at all.
    for (const name of ['al2023.tar', 'fonts.tar']) {
      const archive = path.join(partial, name);
      await decompress(path.join(archives, `${name}.br`), archive);
      await mustRun('tar', ['-xf', archive, '-C', partial]);
      await rm(archive);
    }
    await rm(path.join(partial, 'node_modules'), { recursive: true });
  });
  const fonts = path.join(folder, 'fontconfig.xml');
  await writeFile(fonts, fontConfiguration(folder));
  const libraries = [path.join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(path.delimiter);
  return {
    executable: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts },
  };
}

async function decompress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

/** The machine's fonts where it has any, and always the one that came along. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir>${path.join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
}
