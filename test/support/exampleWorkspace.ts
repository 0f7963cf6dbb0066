/** The example workspace as tests open it. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hostFolder } from '../../scripts/lib/paths';
import { commandLine, makeExample } from '../../scripts/lib/product';
import { maliciousCheckpoint } from './maliciousCheckpoint';

const cacheName = 'example-';

/**
 * A fresh copy of the example workspace in a temporary folder, with `models/malicious.pt` added.
 * The caller removes it. The example itself is made once for each version of the command line that makes it.
 */
export async function makeTestWorkspace(): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(commandLine))
    .digest('hex')
    .slice(0, 16);
  await removeOtherVersions(`${cacheName}${version}`);
  const original = await makeExample(path.join(hostFolder, `${cacheName}${version}`));
  // A folder below a link would give one file two names.
  const copy = await realpath(await mkdtemp(path.join(tmpdir(), 'graphnad-workspace-')));
  await cp(original, copy, { recursive: true });
  await writeFile(path.join(copy, 'models', 'malicious.pt'), maliciousCheckpoint());
  return copy;
}

async function removeOtherVersions(keep: string): Promise<void> {
  for (const name of await readdir(hostFolder).catch(() => [])) {
    if (!name.startsWith(cacheName) || name === keep || name.includes('.partial-')) continue;
    await rm(path.join(hostFolder, name), { recursive: true, force: true });
  }
}
