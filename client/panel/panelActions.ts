import * as vscode from 'vscode';
import type { PanelCommand } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import type { Context } from '../context';
import { fileName } from '../files';
import { openingModel } from '../inspector/inspectorViews';
import { notifyFailure } from '../notify';
import { explainFindingCommand } from '../problems/explainFinding';
import { confirmOutput } from '../purify/chooseOutput';
import { nextOutputName } from '../purify/outputName';
import { runPurification } from '../purify/runPurification';
import { runSeeds } from '../purify/runSeeds';
import { mayPurify } from '../trust';
import type { ResultsPanel } from './resultsPanel';
import { saveReport } from './saveReport';

/** Does what a panel's buttons ask for; cancelling is the run's own business. */
export function actForPanel(context: Context, panel: ResultsPanel): void {
  const guarded = (action: PromiseLike<unknown>): void =>
    void action.then(undefined, (error: unknown) => notifyFailure('That did not work', error, context.log));
  panel.onCommand((command) => guarded(act(context, panel, command)));
  panel.onTryRemedy((remedy) => guarded(tryRemedy(context, panel, remedy)));
  panel.onExplainFinding((code) => guarded(vscode.commands.executeCommand(explainFindingCommand, code)));
}

async function act(context: Context, panel: ResultsPanel, command: PanelCommand): Promise<unknown> {
  const { report, run } = panel.state;
  switch (command) {
    case 'runAgain': {
      if (!mayPurify()) return undefined;
      const output = await confirmOutput(vscode.Uri.parse(run.outputUri));
      return output && runPurification(context, run, output.overwrite);
    }
    case 'showLog':
      return context.log.show();
    case 'cancel':
    case 'cancelSeeds':
      return undefined;
    default:
      return report && actOnReport(context, panel, report, command);
  }
}

type ReportCommand = 'openOutput' | 'compareAttention' | 'copyCommandLine' | 'saveReport' | 'runSeeds';

/** Buttons of a run that ended well. */
async function actOnReport(
  context: Context,
  panel: ResultsPanel,
  report: PurifyReport,
  command: ReportCommand,
): Promise<unknown> {
  const { modelUri, outputUri, dataUri } = panel.state.run;
  switch (command) {
    case 'openOutput':
      return vscode.commands.executeCommand(...openingModel(vscode.Uri.parse(outputUri)));
    case 'compareAttention':
      return vscode.commands.executeCommand('graphnad.compareAttention', {
        before: modelUri,
        after: outputUri,
        dataUri,
      });
    case 'copyCommandLine':
      await vscode.env.clipboard.writeText(report.commandLine);
      return vscode.window.setStatusBarMessage('$(check) Command line copied', 3000);
    case 'saveReport':
      return saveReport(context.server, panel.state, report);
    case 'runSeeds':
      return mayPurify() ? runSeeds(context, panel, report) : undefined;
  }
}

/** Runs again with other settings, into a file of its own, so that both results can be compared. */
async function tryRemedy(context: Context, panel: ResultsPanel, index: number): Promise<unknown> {
  const { report, run } = panel.state;
  const remedy = report?.remedies.at(index);
  if (remedy === undefined || !mayPurify()) return undefined;
  const output = vscode.Uri.parse(run.outputUri);
  const folder = vscode.Uri.joinPath(output, '..');
  const taken = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name));
  const other = {
    ...run,
    holdingRate: remedy.holdingRate ?? run.holdingRate,
    options: { ...run.options, ...remedy.options },
    outputUri: vscode.Uri.joinPath(folder, nextOutputName(fileName(output), taken)).toString(),
  };
  return runPurification(context, other, false);
}
