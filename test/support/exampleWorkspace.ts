/** The example workspace as tests open it. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hostFolder } from '../../scripts/lib/paths';
import { commandLine, makeExample } from '../../scripts/lib/product';
import { maliciousCheckpoint } from './maliciousCheckpoint';

const cacheName = 'example-';

export interface TestWorkspace {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The example workspace, made once for each version of the command line that makes it. @returns its folder */
export async function makeTestExample(): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(commandLine))
    .digest('hex')
    .slice(0, 16);
  await removeOtherVersions(`${cacheName}${version}`);
  return makeExample(path.join(hostFolder, `${cacheName}${version}`));
}

/** A fresh copy of it in a temporary folder, with `models/malicious.pt` added. The caller removes it. */
export async function makeTestWorkspace(): Promise<TestWorkspace> {
  const original = await makeTestExample();
  // The real path: below a link, one file would have two names.
  const temporary = await realpath(await mkdtemp(path.join(tmpdir(), 'graphnad-')));
  const folder = path.join(temporary, 'example');
  await cp(original, folder, { recursive: true });
  await writeFile(path.join(folder, 'models', 'malicious.pt'), maliciousCheckpoint());
  return {
    folder,
    remove: () => rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

async function removeOtherVersions(keep: string): Promise<void> {
  for (const name of await readdir(hostFolder).catch(() => [])) {
    if (!name.startsWith(cacheName) || name === keep || name.includes('.partial-')) continue;
    await rm(path.join(hostFolder, name), { recursive: true, force: true });
  }
}
