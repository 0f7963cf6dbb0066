import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Artifact, ArtifactLocation } from 'sarif';
import type { ScanReport } from '../../../../protocol/reports';

/** Name of the folder that addresses of files are relative to; code-scanning services take it for the repository. */
export const rootName = '%SRCROOT%';

/** Address of a folder, with the slash at its end that a base needs. */
export function folderUri(folder: string): string {
  return pathToFileURL(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`).href;
}

/** Address of a file: relative to the root where the file lies in it, which is what code-scanning services need. */
export function fileLocation(file: string, root: string): ArtifactLocation {
  const relative = path.relative(root, file);
  const inside = relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
  // An address loses blanks and control characters at its end; behind a slash they are inside.
  const href = folderUri(file).slice(0, -1);
  return inside ? { uri: href.slice(folderUri(root).length), uriBaseId: rootName } : { uri: href };
}

/** A scanned file with its hash, size and verdict: also files without any result are listed as scanned. */
export function artifactOf(report: ScanReport, root: string): Artifact {
  const { backdoor, architecture } = report;
  return {
    location: fileLocation(report.file, root),
    length: report.bytes,
    roles: ['analysisTarget'],
    hashes: { 'sha-256': report.sha256 },
    properties: {
      format: report.format,
      ...(architecture === undefined ? {} : { architecture }),
      backdoor: backdoor.kind,
      ...(backdoor.kind === 'not-assessed'
        ? { notAssessedBecause: backdoor.reason }
        : { suspicion: backdoor.evidence.suspicion }),
    },
  };
}
