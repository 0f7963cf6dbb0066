import * as vscode from 'vscode';
import { PurifyMarkdownRequest, type PanelState } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import { fileName } from '../files';
import { notify } from '../notify';
import type { Server } from '../server';

/** Asks where, and writes the report as what the ending of the chosen name says: JSON, or else Markdown. */
export async function saveReport(
  server: Server,
  { run, modelName, seeds }: PanelState,
  report: PurifyReport,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: `Save the report on ${modelName}`,
    defaultUri: vscode.Uri.parse(`${run.outputUri}.report.md`),
    filters: { Markdown: ['md'], JSON: ['json'] },
  });
  if (target === undefined) return;
  const isJson = target.path.toLowerCase().endsWith('.json');
  const text = isJson
    ? `${JSON.stringify({ ...report, ...(seeds?.report && { seeds: seeds.report }) }, null, 2)}\n`
    : await server.request<PurifyMarkdownRequest.Result>(PurifyMarkdownRequest.method, markdownOf(report, seeds));
  await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  const open = (): Thenable<unknown> =>
    vscode.commands.executeCommand(isJson ? 'vscode.open' : 'markdown.showPreview', target);
  void notify({ text: `${fileName(target)} was saved.`, level: 'information' }, { Open: open });
}

function markdownOf(report: PurifyReport, seeds: PanelState['seeds']): PurifyMarkdownRequest.Params {
  return { report, seeds: seeds?.report };
}
