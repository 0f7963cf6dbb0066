/** The cache of the Hugging Face hub, as `huggingface_hub` lays it out. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const revision = 'c3f1'.repeat(10);

/** Puts the files of a folder into a repository of the cache, and gives back the folder that people load from. */
export function moveIntoHubCache(folder: string, cache: string, repository = 'models--org--gin'): string {
  const snapshot = path.join(cache, repository, 'snapshots', revision);
  const blobs = path.join(cache, repository, 'blobs');
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(blobs, { recursive: true });
  for (const name of readdirSync(folder)) {
    const content = readFileSync(path.join(folder, name));
    const blob = createHash('sha256').update(content).digest('hex');
    writeFileSync(path.join(blobs, blob), content);
    symlinkSync(path.join('..', '..', 'blobs', blob), path.join(snapshot, name));
  }
  rmSync(folder, { recursive: true });
  return snapshot;
}
