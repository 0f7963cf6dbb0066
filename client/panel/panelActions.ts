import * as vscode from 'vscode';
import type { FindingCode } from '../../protocol/findings';
import type { PanelCommand } from '../../protocol/panel';
import type { Context } from '../context';
import { fileExists } from '../files';
import { notifyFailure } from '../notify';
import { confirmOutput } from '../purify/chooseOutput';
import { runPurification } from '../purify/runPurification';
import { mayPurify } from '../trust';
import type { ResultsPanel } from './resultsPanel';

/** Does what a panel's buttons ask for; cancelling is the run's own business. */
export function actForPanel(context: Context, extension: vscode.Uri, panel: ResultsPanel): void {
  const guarded = (action: Promise<unknown>) =>
    void action.catch((error: unknown) => notifyFailure('That did not work', error, context.log));
  panel.onCommand((command) => guarded(act(context, panel, command)));
  panel.onExplainFinding((code) => guarded(explain(extension, code)));
}

async function act(context: Context, panel: ResultsPanel, command: PanelCommand): Promise<unknown> {
  const { report, run, modelName } = panel.state;
  switch (command) {
    case 'openOutput':
      return report && revealFile(vscode.Uri.parse(run.outputUri));
    case 'copyCommandLine':
      if (report === undefined) return undefined;
      await vscode.env.clipboard.writeText(report.commandLine);
      return vscode.window.setStatusBarMessage('$(check) Command line copied', 3000);
    case 'saveReport':
      return report && saveReport(vscode.Uri.parse(`${run.outputUri}.report.json`), report, modelName);
    case 'runAgain': {
      if (!mayPurify()) return undefined;
      const output = await confirmOutput(vscode.Uri.parse(run.outputUri));
      return output && runPurification(context, run, output.overwrite);
    }
    case 'showLog':
      return context.log.show();
    case 'cancel':
      return undefined;
  }
}

async function revealFile(file: vscode.Uri): Promise<void> {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', file);
}

async function saveReport(suggestion: vscode.Uri, report: object, modelName: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: `Save the report on ${modelName}`,
    defaultUri: suggestion,
    filters: { JSON: ['json'] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
}

/** Opens the page about a finding: the one that ships with the extension. */
async function explain(extension: vscode.Uri, code: FindingCode): Promise<void> {
  const page = vscode.Uri.joinPath(extension, 'docs', 'findings', `${code}.md`);
  if (!(await fileExists(page))) throw new Error(`There is no page about ${code}.`);
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
