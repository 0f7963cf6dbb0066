import type { Connection } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import { findingText, scanReportText } from '../report/scanText';
import { toDiagnostics, type DiagnosticFeatures } from './diagnostics';
import { toUri } from './fileUri';
import { unheard } from './unheard';

interface Published {
  readonly findings: readonly Finding[];
  readonly reportText: string;
}

/** Numbers of findings over all files. */
export interface Totals {
  readonly errors: number;
  readonly warnings: number;
  /** Files that could not be assessed for backdoors. */
  readonly notAssessed: number;
}

/** Publishes findings as diagnostics of files that are never opened, and keeps the report each leads to. */
export class Publisher {
  private readonly published = new Map<string, Published>();
  private features: DiagnosticFeatures = { relatedInformation: false, codeDescription: false };

  constructor(
    private readonly connection: Connection,
    private readonly onChange: () => void,
  ) {}

  initialize(features: DiagnosticFeatures): void {
    this.features = features;
  }

  /** Replaces what was published for a file. @param report absent where the file could not even be read */
  publish(file: string, findings: readonly Finding[], report?: ScanReport): void {
    const reportText = report
      ? scanReportText({ ...report, findings })
      : `${[file, ...findings.map(findingText)].join('\n\n')}\n`;
    this.published.set(file, { findings, reportText });
    this.send(file, findings, reportText);
  }

  clear(file: string): void {
    if (this.published.delete(file)) this.send(file, [], '');
  }

  /** The last report of a file in words. */
  reportText(file: string): string | undefined {
    return this.published.get(file)?.reportText;
  }

  totals(): Totals {
    const all = [...this.published.values()];
    const findings = all.flatMap((entry) => entry.findings);
    return {
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      notAssessed: all.filter((entry) => entry.findings.some(({ code }) => code.startsWith('GN9'))).length,
    };
  }

  private send(file: string, findings: readonly Finding[], reportText: string): void {
    const uri = toUri(file);
    const diagnostics = toDiagnostics(uri, findings, reportText, this.features);
    unheard(this.connection.sendDiagnostics({ uri, diagnostics }));
    this.onChange();
  }
}
