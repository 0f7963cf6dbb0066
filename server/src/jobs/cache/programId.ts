import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What results depend on besides their inputs: the program, down to the last byte of its build, and what runs it, which
 * decides over the last digits of figures.
 *
 * @param folder where the bundles and kernels of the build are
 * @returns undefined where there is no build, as when the program runs from its source
 */
export async function programId(folder: string): Promise<string | undefined> {
  const parts = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name)).sort();
  if (parts.length === 0) return undefined;
  const id = createHash('sha256');
  for (const part of parts) {
    const content = await readFile(path.join(folder, part));
    id.update(`${part} ${content.length}\n`).update(content);
  }
  const { platform, arch, versions } = process;
  return [id.digest('hex'), platform, arch, versions.v8].join(' ');
}
