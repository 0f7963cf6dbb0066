import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import type { PurifyReport, ScanReport } from '../../../../protocol/reports';
import type { JobOutcome, RemoteTask } from './message';
import { isOutcomeOf } from './outcomeChecks';
import type { PackedJob } from './pack';
import { fromPlaces } from './places';
import { areAskedFor } from './returnedFiles';

const gunzip = promisify(gunzipWithCallback);

/** An outcome larger than this is none of ours. */
export const mostOutcomeBytes = 64 * 2 ** 20;
/** Real ones have not a tenth of it; one that is built to exhaust the stack has more. */
const mostLevels = 100;

/**
 * Reads what a worker says of a job. Workers may be mistaken, and whoever can write to the queue can pose as one.
 *
 * @param asked the job as it was asked for
 * @returns what came of it, with paths of this machine; undefined where it is not the outcome of this very job
 */
export async function readOutcome(
  kept: Buffer,
  asked: RemoteTask,
  { model, folders }: Pick<PackedJob, 'model' | 'folders'>,
): Promise<JobOutcome | undefined> {
  const value = await gunzip(kept, { maxOutputLength: mostOutcomeBytes })
    .then((text) => JSON.parse(text.toString()) as unknown)
    .catch(() => undefined);
  if (!isShallow(value, mostLevels) || !isOutcomeOf(asked, value)) return undefined;
  const outcome = fromPlaces(value, folders);
  if (outcome.kind === 'error') return outcome;
  return isOf(asked, model, outcome.result) && (await areAskedFor(asked, outcome.files)) ? outcome : undefined;
}

/** Whether a result, checked before, is of the file that was asked about and not of another. */
function isOf(asked: RemoteTask, model: string | undefined, result: unknown): boolean {
  if (asked.kind === 'grid') return true;
  const { file, sha256 } = result as ScanReport | PurifyReport;
  if (file !== asked.model || sha256 !== model) return false;
  return asked.kind === 'scan' || (result as PurifyReport).output === asked.output;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}
