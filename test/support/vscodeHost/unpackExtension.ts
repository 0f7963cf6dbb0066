import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';

/** Files of a package, by path below its `extension/` folder. */
export async function packagedFiles(vsix: string): Promise<Map<string, Uint8Array>> {
  const { entries } = readZip(await readFile(vsix), vsix);
  const files = new Map<string, Uint8Array>();
  for (const { name, data, fault } of entries) {
    if (fault !== undefined) throw new Error(`${vsix}: ${name}: ${fault}`);
    if (name.startsWith('extension/')) files.set(name.slice('extension/'.length), data);
  }
  return files;
}

/**
 * Unpacks a package as an installation would.
 *
 * @returns `folder`, which then holds the package's files and nothing else
 */
export async function unpackExtension(vsix: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, data] of await packagedFiles(vsix)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, data);
  }
  return folder;
}
