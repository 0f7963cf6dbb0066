import type { Connection } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import { anchoredFindings, anchoredScanReport, type AnchoredText, type NameOf } from '../report/scanText';
import { toDiagnostics, type DiagnosticFeatures } from './diagnostics';
import { toUri } from './fileUri';
import { chooseProblems, type Problem, type SeverityRules } from './problems';
import { unheard } from './unheard';

interface Published {
  readonly findings: readonly Finding[];
  readonly report: AnchoredText;
}

/** Numbers of findings over all files. */
export interface Totals {
  readonly errors: number;
  readonly warnings: number;
  /** Files that could not be assessed for backdoors. */
  readonly notAssessed: number;
  /** Findings that the Problems pane does not list. */
  readonly unlisted: number;
}

/** What the settings say about the Problems pane. */
export interface ProblemSettings {
  /** Lines at most; 0: no limit. */
  readonly limit: number;
  /** Severities by code, as they hold for a file. */
  readonly rulesFor: (file: string) => SeverityRules;
}

/** Changes within this time are sent together, in milliseconds: what is listed of one file depends on all others. */
const quiet = 40;

/** Publishes findings as diagnostics of files that are never opened, and keeps the report each leads to. */
export class Publisher {
  private readonly published = new Map<string, Published>();
  /** What the diagnostics of each file were last made of. */
  private readonly sent = new Map<string, { readonly published: Published; readonly problems: string }>();
  private features: DiagnosticFeatures = { relatedInformation: false, codeDescription: false };
  private settings: ProblemSettings = { limit: 0, rulesFor: () => ({}) };
  private unlisted = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly onChange: () => void,
    /** What files are called in reports. */
    private readonly nameOf: NameOf,
  ) {}

  initialize(features: DiagnosticFeatures): void {
    this.features = features;
  }

  /** Lists what was published by these settings from now on. */
  use(settings: ProblemSettings): void {
    this.settings = settings;
    this.changed();
  }

  /** Replaces what was published for a file. @param report absent where the file could not even be read */
  publish(file: string, findings: readonly Finding[], report?: ScanReport): void {
    const text = report
      ? anchoredScanReport({ ...report, findings }, this.nameOf)
      : anchoredFindings(file, findings, this.nameOf);
    this.published.set(file, { findings, report: text });
    this.changed();
  }

  clear(file: string): void {
    if (this.published.delete(file)) this.changed();
  }

  /** What was found in a file; undefined where nothing was published. */
  findings(file: string): readonly Finding[] | undefined {
    return this.published.get(file)?.findings;
  }

  /** The findings of a file with the lines of its report that they take up, counted from 0. */
  findingsAt(file: string): { readonly finding: Finding; readonly first: number; readonly last: number }[] {
    const { findings, report } = this.published.get(file) ?? { findings: [] };
    return findings.map((finding, i) => {
      const first = report?.findingLines[i] ?? 0;
      return { finding, first, last: first + finding.details.length };
    });
  }

  /** The last report of a file in words. */
  reportText(file: string): string | undefined {
    return this.published.get(file)?.report.text;
  }

  totals(): Totals {
    const all = [...this.published.values()];
    const findings = all.flatMap((entry) => entry.findings);
    return {
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      notAssessed: all.filter((entry) => entry.findings.some(({ code }) => code.startsWith('GN9'))).length,
      unlisted: this.unlisted,
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private changed(): void {
    this.timer ??= setTimeout(() => this.send(), quiet);
  }

  private send(): void {
    this.timer = undefined;
    const { limit, rulesFor } = this.settings;
    const models = [...this.published].map(([file, { findings }]) => ({ file, findings, rules: rulesFor(file) }));
    const { listed, unlisted } = chooseProblems(models, limit);
    this.unlisted = unlisted;
    for (const file of this.sent.keys()) if (!this.published.has(file)) this.sendFile(file, []);
    for (const file of this.published.keys()) this.sendFile(file, listed.get(file) ?? []);
    this.onChange();
  }

  private sendFile(file: string, problems: readonly Problem[]): void {
    const published = this.published.get(file);
    const made = JSON.stringify(problems);
    const before = this.sent.get(file);
    // A file is heard of once even where nothing was found: that takes away what an earlier server left there.
    if (before !== undefined && before.published === published && before.problems === made) return;
    if (published) this.sent.set(file, { published, problems: made });
    else this.sent.delete(file);
    const uri = toUri(file);
    const diagnostics = published
      ? toDiagnostics(uri, published.findings, problems, published.report, this.features)
      : [];
    unheard(this.connection.sendDiagnostics({ uri, diagnostics }));
  }
}
