import type { Invocation, Log, Notification } from 'sarif';
import type { ScanReport, UnreadFile } from '../../../../protocol/reports';
import { artifactOf, fileLocation, folderUri, rootName } from './files';
import { Places } from './places';
import { plainText, resultsOf } from './results';
import { ruleDescriptors } from './rules';

/** What a log says beside the reports. */
export interface SarifOptions {
  readonly version: string;
  /** Address of the program's documentation. */
  readonly documentation: string;
  /** Absolute path of the folder that addresses of files are relative to: the top of the repository. */
  readonly root: string;
  /** Tells logs of one commit apart that are about different things; services replace logs of the same category. */
  readonly category: string;
  readonly exitCode: number;
  readonly exitCodeDescription: string;
  readonly unread: readonly UnreadFile[];
}

/** Scan reports as one SARIF 2.1.0 log (OASIS standard, errata 01), for code-scanning services and viewers. */
export function sarifLog(reports: readonly ScanReport[], options: SarifOptions): Log {
  const { version, documentation, root, category } = options;
  const places = new Places();
  const results = reports.flatMap((report, index) => resultsOf(report, index, root, places));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'GraphNAD',
            fullName: `GraphNAD ${version}`,
            semanticVersion: version,
            informationUri: documentation,
            rules: ruleDescriptors(),
          },
        },
        automationDetails: { id: `${category}/` },
        invocations: [invocation(reports, options)],
        originalUriBaseIds: { [rootName]: { uri: folderUri(root) } },
        artifacts: reports.map((report) => artifactOf(report, root)),
        ...(places.locations.length > 0 ? { logicalLocations: places.locations } : {}),
        results,
      },
    ],
  };
}

function invocation(reports: readonly ScanReport[], options: SarifOptions): Invocation {
  const { root, unread, exitCode, exitCodeDescription } = options;
  const failures: Notification[] = unread.map(({ file, reason }) => ({
    level: 'error',
    message: { text: plainText(`Not scanned: ${reason}.`) },
    locations: [{ physicalLocation: { artifactLocation: fileLocation(file, root) } }],
  }));
  const nothing = reports.length === 0 && unread.length === 0;
  return {
    executionSuccessful: failures.length === 0 && !nothing,
    exitCode,
    exitCodeDescription,
    ...(failures.length > 0 ? { toolExecutionNotifications: failures } : {}),
    ...(nothing
      ? { toolConfigurationNotifications: [{ level: 'error', message: { text: 'No model file was found.' } }] }
      : {}),
  };
}
