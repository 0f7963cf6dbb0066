import { pathToFileURL } from 'node:url';
import type { Finding, FindingCode } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';

/** What a finding code is about, for tools that show rules apart from results. */
const ruleNames: Readonly<Record<FindingCode, string>> = {
  GN101: 'Loading the file runs dangerous code',
  GN102: 'Loading the file imports something outside the known-safe list',
  GN103: 'The container is malformed in a way that loaders accept and scanners miss',
  GN201: 'Likely backdoored',
  GN202: 'Suspicious attention concentration',
  GN203: 'One class is far easier to reach by a small trigger than the others',
  GN301: 'The purified model still has a high attack success rate',
  GN302: 'Purification cost too much accuracy',
  GN303: 'Results vary strongly over seeds',
  GN901: 'Not assessed: unreadable',
  GN902: 'Not assessed: architecture not recognised',
  GN903: 'Not assessed: unsupported task',
  GN904: 'Not assessed: no fitting clean data',
  GN905: 'Not assessed: clean data unsuitable',
  GN906: 'Not assessed: the analysis process ended unexpectedly',
};

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** Scan reports as one SARIF 2.1.0 log (OASIS standard), for code-scanning services. */
export function sarifLog(reports: readonly ScanReport[], version: string, documentation: string): object {
  const used = [...new Set(reports.flatMap((report) => report.findings.map((finding) => finding.code)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'GraphNAD',
            version,
            informationUri: documentation,
            rules: used.map((code) => ({
              id: code,
              shortDescription: { text: ruleNames[code] },
              helpUri: `${documentation}/docs/findings/${code}.md`,
            })),
          },
        },
        results: reports.flatMap((report) => report.findings.map((finding) => result(report, finding, used))),
      },
    ],
  };
}

function result(report: ScanReport, finding: Finding, rules: readonly FindingCode[]): object {
  const { offset, entry, tensor } = finding.place ?? {};
  const logicalLocations = [entry, tensor].filter((name) => name !== undefined).map((name) => ({ name }));
  return {
    ruleId: finding.code,
    ruleIndex: rules.indexOf(finding.code),
    level: levels[finding.severity],
    message: { text: [finding.message, ...finding.details].join('\n') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: pathToFileURL(report.file).href },
          // An offset counts from the start of its entry, so it is a place in the file only without one.
          ...(offset !== undefined && entry === undefined ? { region: { byteOffset: offset } } : {}),
        },
        ...(logicalLocations.length > 0 ? { logicalLocations } : {}),
      },
    ],
    fingerprints: { 'graphnad/v1': `${report.sha256}:${finding.code}:${entry ?? ''}:${offset ?? ''}` },
  };
}
