import path from 'node:path';

/** Folder of one repository of models in the cache, of one of its revisions, and a file's content by its hash. */
const names = { repository: /^models--[\w.-]+$/, revision: /^[0-9a-f]{40}$/, blob: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/ };

/**
 * Whether a file is one that the Hugging Face hub's cache keeps for a folder of the same repository. There, files of a
 * revision are links: `models--ORG--NAME/snapshots/REVISION/FILE` to `models--ORG--NAME/blobs/HASH`.
 *
 * @param file, folder absolute paths with no links left in them
 */
export function isHubBlob(file: string, folder: string): boolean {
  if (!names.blob.test(path.basename(file))) return false;
  const blobs = path.dirname(file);
  const repository = path.dirname(blobs);
  if (path.basename(blobs) !== 'blobs' || !names.repository.test(path.basename(repository))) return false;
  const [snapshots, revision, ...inner] = path.relative(repository, folder).split(path.sep);
  return snapshots === 'snapshots' && names.revision.test(revision ?? '') && !inner.includes('..');
}
