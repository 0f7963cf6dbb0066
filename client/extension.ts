/** The extension's wiring: what exists, and who is told about whom. */
import { added, busyTime, loadingTime, type Busy } from './activationTime';
import * as vscode from 'vscode';
import { collectDiagnostics } from './commands/collectDiagnostics';
import { convertModel } from './commands/convertModel';
import { registerAttention } from './attention/registerAttention';
import { compareAttention } from './commands/compareAttention';
import { installTensorFlow } from './commands/installTensorFlow';
import { leaveQueue } from './commands/leaveQueue';
import { openWalkthrough } from './commands/openWalkthrough';
import { purifyModel } from './commands/purifyModel';
import { refreshModels } from './commands/refreshModels';
import { restartServer } from './commands/restartServer';
import { scanAllModels } from './commands/scanAllModels';
import { scanModel } from './commands/scanModel';
import { setQueuePassword } from './commands/setQueuePassword';
import { showLog } from './commands/showLog';
import { showReport } from './commands/showReport';
import { statusMenu } from './commands/statusMenu';
import type { Context } from './context';
import { RecordingLog } from './diagnostics/recordingLog';
import { InspectorEditors } from './inspector/inspectorEditors';
import { createManifest } from './manifest/createManifest';
import { ModelsView } from './models/modelsView';
import { notify } from './notify';
import { openSetting } from './openSetting';
import { actForPanel } from './panel/panelActions';
import { ReportStore } from './panel/reportStore';
import { ResultsPanels } from './panel/resultsPanels';
import { explainFinding, explainFindingCommand } from './problems/explainFinding';
import { queuePassword } from './queue/queuePassword';
import { ReportDocuments } from './reportDocuments';
import { Server, type ServerState, type StartCost } from './server';
import { StatusItem, statusMenuCommand } from './statusItem';
import { LanguageStatus } from './statusLanguage';
import { warnOfTensorFlow } from './tensorflow/checkTensorFlow';
import { tensorFlowFolder } from './tensorflow/folder';
import { Walkthrough } from './walkthrough';

/** All of the code is loaded by now. */
const loading = loadingTime();

let server: Server | undefined;

/** What other extensions, and our tests, get. */
interface Activated {
  /** How long loading the code and activation kept the extension host. */
  readonly busy: Busy;
  /** What starting the server took of it afterwards; undefined as long as none was started. */
  readonly serverStart: () => StartCost | undefined;
}

export function activate(extension: vscode.ExtensionContext): Activated {
  const activating = busyTime();
  const log = new RecordingLog(vscode.window.createOutputChannel('GraphNAD', { log: true }));
  server = new Server(extension, log);
  const storage = extension.storageUri ?? extension.globalStorageUri;
  const panels = new ResultsPanels(extension.extensionUri, new ReportStore(vscode.Uri.joinPath(storage, 'reports')));
  const reports = new ReportDocuments(server);
  const attention = registerAttention(extension, server, log);
  const walkthrough = new Walkthrough(extension.globalState);
  const context: Context = { server, log, panels, reports, attention, walkthrough };
  const models = new ModelsView(server);
  const { version } = extension.extension.packageJSON as { version: string };

  extension.subscriptions.push(
    log,
    server,
    panels,
    reports,
    new StatusItem(server, version),
    new InspectorEditors(context, extension.extensionUri),
    new LanguageStatus(server),
    models,
    walkthrough,
    attention.onDidOpen(() => walkthrough.tick('attention')),
    models.onDidChangeVisibility(({ visible }) => {
      if (visible) walkthrough.tick('models');
    }),
    server.onDidReportModels(({ searched }) => {
      if (searched) walkthrough.tick('folder');
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server?.grantTrust()),
    panels.onDidOpen((panel) => actForPanel(context, panel)),
    server.onDidChangeState((state) => {
      if (state.kind === 'failed') tellOfFailure(state);
      if (state.kind === 'running') void warnOfTensorFlow(context);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('graphnad.server.runtime')) void server?.restart();
      else if (change.affectsConfiguration('graphnad.backend')) void warnOfTensorFlow(context);
      if (change.affectsConfiguration('graphnad.queue.url')) void handOverPassword(extension, log);
    }),
    vscode.commands.registerCommand('graphnad.scanModel', scanModel(context)),
    vscode.commands.registerCommand('graphnad.scanAllModels', scanAllModels(context)),
    vscode.commands.registerCommand('graphnad.purifyModel', purifyModel(context)),
    vscode.commands.registerCommand('graphnad.showReport', showReport(context)),
    vscode.commands.registerCommand('graphnad.compareAttention', compareAttention(context)),
    vscode.commands.registerCommand('graphnad.convertToSafetensors', convertModel(context)),
    vscode.commands.registerCommand('graphnad.restartServer', restartServer(context)),
    vscode.commands.registerCommand('graphnad.showLog', showLog(context)),
    vscode.commands.registerCommand(
      'graphnad.installTensorFlow',
      installTensorFlow(context, tensorFlowFolder(extension)),
    ),
    vscode.commands.registerCommand('graphnad.openWalkthrough', openWalkthrough(extension.extension.id)),
    vscode.commands.registerCommand('graphnad.setQueuePassword', setQueuePassword(context, extension)),
    vscode.commands.registerCommand('graphnad.leaveQueue', leaveQueue),
    vscode.commands.registerCommand(statusMenuCommand, statusMenu(context)),
    vscode.commands.registerCommand('graphnad.createManifest', createManifest(context)),
    vscode.commands.registerCommand('graphnad.refreshModels', refreshModels(context)),
    vscode.commands.registerCommand(
      'graphnad.collectDiagnostics',
      collectDiagnostics(context, log, extension.extension),
    ),
    vscode.commands.registerCommand(
      explainFindingCommand,
      explainFinding(extension.extensionUri, () => walkthrough.tick('problems')),
    ),
  );
  // Activation does not wait for it: the status item shows how it goes, and requests wait by themselves.
  void server.restart();
  const busy = added(loading, activating());
  log.debug(`Activated: the extension host was kept busy for ${busy.processor.toFixed(0)} ms.`);
  return { busy, serverStart: () => server?.firstStart };
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

/** The server takes up another queue by itself; a password, it is given at its start. */
async function handOverPassword(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<void> {
  if ((await queuePassword(extension, log)) !== undefined) await server?.restart();
}

function tellOfFailure({ reason, setting }: ServerState & { kind: 'failed' }): void {
  void notify(
    { text: `The GraphNAD server is not running: ${reason} Models are not being checked.`, level: 'error' },
    {
      ...(setting === undefined ? {} : { 'Open Settings': () => openSetting(setting) }),
      'Restart Server': () => vscode.commands.executeCommand('graphnad.restartServer'),
      'Show Log': () => vscode.commands.executeCommand('graphnad.showLog'),
    },
  );
}
