import type { Finding } from '../../../protocol/findings';
import type { PurifyReport } from '../../../protocol/reports';
import type { SeedReport } from '../../../protocol/seeds';
import { architectureText } from './architectureText';
import { comparisonRows } from './comparisonTable';
import { findingPage } from './findingPage';
import { markdownTable } from './markdown';
import { markdownCode, markdownText } from './markdownText';
import { rescanText } from './purifyText';
import { seedCaption, seedRows } from './seedTable';
import { triggerText } from './triggerText';

/**
 * The report of a purification as a Markdown document. What comes from files stands in it as text, whatever it looks
 * like.
 *
 * @param seeds the same with further seeds, where that was done
 */
export function purifyMarkdown(report: PurifyReport, seeds?: SeedReport): string {
  const { benign, settings } = report;
  const findings = [...report.findings, ...(seeds?.findings ?? [])];
  const sections = [
    `# Purification of ${markdownText(fileName(report.file))}`,
    `**Verdict:** ${markdownText(report.verdict.text)}`,
    section('Before and after', markdownTable(comparisonRows(report)).trimEnd()),
    measuredOn(report),
    ...(benign
      ? [`Never poisoned, as it was given: ${markdownCode(benign.file)}. Its flip ASR is the benign floor.`]
      : []),
    `A fresh scan of the purified model: ${markdownText(rescanText(report))}.`,
    ...(seeds ? [section(seedCaption(seeds), markdownTable(seedRows(seeds, report.methodTitle)).trimEnd())] : []),
    ...(findings.length > 0 ? [section('Findings', findings.map(findingItem).join('\n'))] : []),
    ...(report.advice.length > 0 ? [section('What to try', bullets(report.advice.map(markdownText)))] : []),
    section('Trigger found', `${markdownText(triggerText(report.trigger))}, toward class ${report.trigger.target}.`),
    section('Reproduce', markdownCode(report.commandLine, true)),
    bullets([
      `Model: ${markdownCode(report.file)}, ${markdownText(architectureText(report.architecture))}`,
      `SHA-256 of the model: ${markdownCode(report.sha256)}`,
      `Purified: ${markdownCode(report.output)}`,
      `SHA-256 of the purified model: ${markdownCode(report.outputSha256)}`,
      ...(settings.data === undefined ? [] : [`Clean data: ${markdownCode(settings.data)}`]),
      ...(settings.dataHash === undefined ? [] : [`Hash of the data: ${markdownCode(settings.dataHash)}`]),
      `Method: ${markdownText(report.methodTitle)}, seed ${settings.seed}, backend ${settings.backend}`,
      ...report.notes.map(markdownText),
    ]),
    section(
      'Settings of the method',
      markdownTable([['setting', 'value'], ...Object.entries(settings.options).map(optionRow)]).trimEnd(),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function measuredOn({ settings: { testGraphs, cleanGraphs } }: PurifyReport): string {
  return (
    `Measured on ${testGraphs} held-back graphs that no training saw, estimated figures with the trigger below and their ` +
    `95% interval (Wilson).${cleanGraphs === undefined ? '' : ` ${cleanGraphs} clean graphs served to purify.`}`
  );
}

function findingItem({ code, message, details }: Finding): string {
  return [
    `- [${code}](${findingPage(code)}) ${markdownText(message)}`,
    ...details.map((text) => `  - ${markdownText(text)}`),
  ].join('\n');
}

function optionRow([name, value]: readonly [string, unknown]): [string, string] {
  return [markdownText(name), markdownText(typeof value === 'string' ? value : JSON.stringify(value))];
}

function section(title: string, content: string): string {
  return `## ${markdownText(title)}\n\n${content}`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
