/** The example workspace as tests open it. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mustRun } from '../../scripts/lib/command';
import { makeFolderOnce } from '../../scripts/lib/makeFolderOnce';
import { hostFolder, repositoryRoot } from '../../scripts/lib/paths';
import { maliciousCheckpoint } from './maliciousCheckpoint';

const cacheName = 'example-';

/**
 * A fresh copy of the example workspace in a temporary folder, with `models/malicious.pt` added.
 * The caller removes it.
 *
 * @param cli bundled command line that makes the example; made once for each version of it
 */
export async function makeTestWorkspace(cli = path.join(repositoryRoot, 'dist', 'cli.js')): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(cli))
    .digest('hex')
    .slice(0, 16);
  const original = path.join(hostFolder, `${cacheName}${hash}`);
  await makeFolderOnce(original, async (partial) => {
    await removeOtherVersions(path.basename(partial));
    await mustRun(process.execPath, [cli, 'example', partial, '--seed', '0'], { timeLimit: 180_000 });
  });
  // A folder below a link would give one file two names.
  const copy = await realpath(await mkdtemp(path.join(tmpdir(), 'graphnad-workspace-')));
  await cp(original, copy, { recursive: true });
  await writeFile(path.join(copy, 'models', 'malicious.pt'), maliciousCheckpoint());
  return copy;
}

async function removeOtherVersions(keep: string): Promise<void> {
  for (const name of await readdir(hostFolder)) {
    if (!name.startsWith(cacheName) || name === keep || name.includes('.partial-')) continue;
    await rm(path.join(hostFolder, name), { recursive: true, force: true });
  }
}
