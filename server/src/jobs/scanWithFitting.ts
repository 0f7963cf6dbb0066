import path from 'node:path';
import type { ScanReport } from '../../../protocol/reports';

/**
 * Scans a model with the first of several data sets that it can be assessed with: features of the right width do not make
 * the right graphs, and what is not of the model's kind is refused.
 *
 * @param fitting folders, the best first
 * @param scan does one scan; without a folder where there is none
 * @returns the report with the first data set that was not refused, else that with the first, and a note on each that was
 * @throws what `scan` throws
 */
export async function scanWithFitting(
  fitting: readonly string[],
  scan: (data: string | undefined) => Promise<ScanReport>,
): Promise<ScanReport> {
  const first = await scan(fitting.at(0));
  const refused: string[] = [];
  let report = first;
  for (const data of fitting.slice(1)) {
    const reason = refusalOf(report);
    if (reason === undefined) break;
    refused.push(
      `${path.basename(report.settings.data ?? '')} has features of the right width, but was refused: ${reason}.`,
    );
    report = await scan(data);
  }
  const chosen = refusalOf(report) === undefined ? report : first;
  return chosen === first ? first : { ...chosen, architectureNotes: [...chosen.architectureNotes, ...refused] };
}

/** Why the data do not go with the model; undefined where they do, or something else kept it from being assessed. */
function refusalOf({ backdoor }: ScanReport): string | undefined {
  if (backdoor.kind !== 'not-assessed' || backdoor.evidence !== undefined) return undefined;
  return backdoor.code === 'GN904' || backdoor.code === 'GN905' ? backdoor.reason : undefined;
}
