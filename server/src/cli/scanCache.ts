import { isWithin } from '../jobs/paths';
import { JobCache, type StoredResults } from '../jobs/cache/jobCache';
import { programId } from '../jobs/cache/programId';
import { ResultCache } from '../jobs/cache/resultCache';
import { UsageError } from './arguments';
import { say } from './output';

/**
 * Results of earlier scans in the folder of `--cache`.
 *
 * @param folder absolute path; without it nothing is kept
 * @param scanned folders that are scanned, or hold what is: whoever made them could have put results there
 * @throws UsageError where `folder` lies in one of those
 */
export async function scanCache(folder: string | undefined, scanned: readonly string[]): Promise<JobCache> {
  const stored = folder === undefined ? undefined : await storedResults(folder, scanned);
  return new JobCache(() => Promise.resolve(stored));
}

async function storedResults(folder: string, scanned: readonly string[]): Promise<StoredResults | undefined> {
  if (await isWithin(folder, scanned))
    throw new UsageError(
      `--cache: ${folder} lies in what is scanned or under --root, where others may put results; name a folder outside`,
    );
  const program = await programId(__dirname);
  if (program === undefined) {
    say('graphnad: --cache has no effect on a program that was not built');
    return undefined;
  }
  const onFailure = (reason: string): void => say(`graphnad: --cache: results cannot be kept: ${reason}`);
  return { results: new ResultCache({ folder, onFailure }), program };
}
