import { DiagnosticSeverity, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import { reportScheme } from '../../../protocol/requests';
import { findingPage } from '../report/findingPage';
import { findingText } from '../report/scanText';
import { encodedComponent, encodedPath } from './fileUri';

/** What the client can show beside the message. */
export interface DiagnosticFeatures {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

/** Model files are binary, so a finding has no place in them that an editor could show. */
const wholeFile = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Findings of a model file as diagnostics. Details lead to their line in the report.
 *
 * @param uri URI of the model file
 * @param reportText text of the report these findings are in
 */
export function toDiagnostics(
  uri: string,
  findings: readonly Finding[],
  reportText: string,
  features: DiagnosticFeatures,
): Diagnostic[] {
  const lines = reportText.split('\n');
  return findings.map((finding) => ({
    range: wholeFile,
    severity: severities[finding.severity],
    source: 'GraphNAD',
    code: finding.code,
    ...(features.codeDescription ? { codeDescription: { href: findingPage(finding.code) } } : {}),
    message: finding.message,
    ...(features.relatedInformation ? { relatedInformation: detailsInReport(uri, finding, lines) } : {}),
    ...(finding.place === undefined ? {} : { data: { place: finding.place } }),
  }));
}

/** The document that shows the report of a model file; see `reportScheme`. */
export function reportUri(uri: string): string {
  const path = decodeURIComponent(uri.replace(/^file:\/\/[^/]*/, ''));
  return `${reportScheme}:${encodedPath(path)}.report.txt?${encodedComponent(uri)}`;
}

function detailsInReport(uri: string, finding: Finding, report: readonly string[]): DiagnosticRelatedInformation[] {
  const first = Math.max(0, report.indexOf(findingText(finding).split('\n')[0]));
  return finding.details.map((message, i) => {
    const line = first + 1 + i;
    const end = report[line]?.length ?? 0;
    return {
      location: {
        uri: reportUri(uri),
        range: { start: { line, character: 0 }, end: { line, character: end } },
      },
      message,
    };
  });
}
