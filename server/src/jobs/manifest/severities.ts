import path from 'node:path';
import { severities, type Finding } from '../../../../protocol/findings';
import type { ScanReport } from '../../../../protocol/reports';
import type { ModelSettings } from './modelSettings';

/**
 * Gives findings the severities that a manifest wants, and says so in each. Findings about code are never made milder.
 */
export function withSeverities<R extends Pick<ScanReport, 'findings'>>(
  report: R,
  settings: Pick<ModelSettings, 'manifest' | 'severities'> | undefined,
): R {
  const wanted = settings?.severities;
  if (settings === undefined || wanted === undefined) return report;
  const change = (finding: Finding): Finding => {
    const severity = wanted[finding.code];
    const milder = severity !== undefined && severities.indexOf(severity) > severities.indexOf(finding.severity);
    if (severity === undefined || severity === finding.severity || (milder && finding.code.startsWith('GN1')))
      return finding;
    const name = path.basename(settings.manifest);
    const detail = `${name} makes this ${article(severity)}; without it, it is ${article(finding.severity)}.`;
    return { ...finding, severity, judged: finding.severity, details: [...finding.details, detail] };
  };
  return { ...report, findings: report.findings.map(change) };
}

function article(severity: Finding['severity']): string {
  return severity === 'warning' ? 'a warning' : severity === 'error' ? 'an error' : 'information';
}
