import type { ArtifactLocation, Location, Result } from 'sarif';
import type { Finding } from '../../../../protocol/findings';
import type { ScanReport } from '../../../../protocol/reports';
import { fileLocation } from './files';
import { fingerprints } from './fingerprints';
import type { Places } from './places';
import { ruleIndex } from './rules';

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/**
 * The findings of a file as SARIF results. What was not assessed has kind `open` (SARIF 2.1.0, 3.27.9: too little
 * information to decide), whose level is `none` by the standard; nothing ever has kind `pass`, because services such as
 * GitHub show results of any kind as problems.
 *
 * @param index of the file in the run's artifacts
 * @param places of the run; those of the findings are added
 */
export function resultsOf(report: ScanReport, index: number, root: string, places: Places): Result[] {
  const identities = fingerprints(report);
  return report.findings.map((finding, i) => ({
    ruleId: finding.code,
    ruleIndex: ruleIndex(finding.code),
    ...(finding.code.startsWith('GN9')
      ? { kind: 'open' as const, level: 'none' as const }
      : { kind: 'fail' as const, level: levels[finding.severity] }),
    message: { text: messageText(finding) },
    locations: [locationOf(finding, { ...fileLocation(report.file, root), index }, report.bytes, places)],
    // The first name is the one that GitHub looks for.
    partialFingerprints: { primaryLocationLineHash: identities[i], 'graphnadFinding/v1': identities[i] },
  }));
}

/** Viewers make links of `[text](address)`, and messages quote names that a stranger wrote into a file. */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}

function messageText({ message, details }: Finding): string {
  return plainText([/[.!?]$/.test(message) ? message : `${message}.`, ...details].join('\n'));
}

/**
 * A region of bytes: one byte where the place in the file itself is known, else the whole file. Code-scanning services
 * show the message of a result only beside a line, so there is the first one as well; by the standard (3.30.4) lines and
 * bytes of a region are independent of each other.
 */
function locationOf(finding: Finding, file: ArtifactLocation, bytes: number, places: Places): Location {
  const { entry, offset } = finding.place ?? {};
  const inFile = offset !== undefined && entry === undefined;
  const logical = places.of(finding);
  return {
    physicalLocation: {
      artifactLocation: file,
      region: {
        ...{ startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        ...(inFile ? { byteOffset: offset, byteLength: 1 } : { byteOffset: 0, byteLength: bytes }),
      },
    },
    ...(logical === undefined ? {} : { logicalLocations: [logical] }),
  };
}
