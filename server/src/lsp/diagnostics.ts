import path from 'node:path';
import { DiagnosticSeverity, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import { plural } from '../../../protocol/numberText';
import { reportScheme } from '../../../protocol/requests';
import { findingPage } from '../report/findingPage';
import type { AnchoredText } from '../report/scanText';
import { visible } from '../report/visible';
import { encodedComponent, encodedPath, toUri } from './fileUri';
import type { Problem } from './problems';

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

/** So many of the files that a line speaks for are named. */
const namedOthers = 20;

/**
 * Findings of a model file as diagnostics. Their details lead to their lines in the report.
 *
 * @param uri URI of the model file
 * @param findings all of the file's findings
 * @param problems those that are to be listed, and how
 * @param report text of the report that holds all of the findings
 */
export function toDiagnostics(
  uri: string,
  findings: readonly Finding[],
  problems: readonly Problem[],
  report: AnchoredText,
  features: DiagnosticFeatures,
): Diagnostic[] {
  const lines = report.text.split('\n');
  return problems.map((problem) => {
    const finding = findings[problem.index];
    return {
      range: wholeFile,
      severity: severities[problem.severity],
      source: 'GraphNAD',
      code: finding.code,
      ...(features.codeDescription ? { codeDescription: { href: findingPage(finding.code) } } : {}),
      message: visible(finding.message) + speaksForText(problem),
      ...(features.relatedInformation
        ? {
            relatedInformation: [
              ...inReport(uri, finding, report.findingLines[problem.index], lines),
              ...others(problem),
            ],
          }
        : {}),
      ...(finding.place === undefined ? {} : { data: { place: finding.place } }),
    };
  });
}

/** The document that shows the report of a model file; see `reportScheme`. */
export function reportUri(uri: string): string {
  const path = decodeURIComponent(uri.replace(/^file:\/\/[^/]*/, ''));
  return `${reportScheme}:${encodedPath(path)}.report.txt?${encodedComponent(uri)}`;
}

function speaksForText({ others, isMixed, omitted }: Problem): string {
  const reason = isMixed ? 'not assessed for reasons of this kind' : 'not assessed for the same reason';
  const more = others.length === 0 ? '' : ` (${plural(others.length, 'more model file')} of this folder: ${reason})`;
  if (omitted === undefined) return more;
  return `${more} [${plural(omitted, 'more finding')} not listed here: graphnad.problems.limit]`;
}

/** A finding without details leads to its own line. */
function inReport(
  uri: string,
  finding: Finding,
  first: number,
  report: readonly string[],
): DiagnosticRelatedInformation[] {
  const at = (line: number, message: string): DiagnosticRelatedInformation => ({
    location: lineOf(reportUri(uri), line, report[line]?.length ?? 0),
    message,
  });
  if (finding.details.length === 0) return [at(first, 'The whole report')];
  return finding.details.map((detail, i) => at(first + 1 + i, visible(detail)));
}

function others({ others }: Problem): DiagnosticRelatedInformation[] {
  const named = others.slice(0, namedOthers).map((file) => ({
    location: lineOf(reportUri(toUri(file)), 0, 0),
    message: visible(path.basename(file)),
  }));
  const rest = others.slice(namedOthers);
  if (rest.length === 0) return named;
  return [
    ...named,
    { location: lineOf(reportUri(toUri(rest[0])), 0, 0), message: `and ${plural(rest.length, 'more model file')}` },
  ];
}

function lineOf(uri: string, line: number, length: number): DiagnosticRelatedInformation['location'] {
  return { uri, range: { start: { line, character: 0 }, end: { line, character: length } } };
}
