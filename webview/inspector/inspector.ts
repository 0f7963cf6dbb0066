/** The model inspector's entry: receives what to show, and passes on what is pressed and which figures are wanted. */
import { InspectorMessage, type FromInspector, type ToInspector } from '../../protocol/inspector';
import { registerToolkit } from '../toolkit';
import { InspectorView } from './inspectorView';
import { isTableSettings, type TableSettings } from './tensorRows';

interface VsCodeApi {
  postMessage(message: FromInspector): void;
  getState(): unknown;
  setState(state: TableSettings): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const vscode = acquireVsCodeApi();
registerToolkit();

const root = document.getElementById('inspector');
if (root === null) throw new Error('The page has no place for the inspector.');
const kept = vscode.getState();
const view = new InspectorView(root, isTableSettings(kept) ? kept : undefined, {
  command: (command) => vscode.postMessage({ type: InspectorMessage.Command, command }),
  explain: (code) => vscode.postMessage({ type: InspectorMessage.ExplainFinding, code }),
  want: (version, names) => vscode.postMessage({ type: InspectorMessage.WantStatistics, version, names }),
  keep: (settings) => vscode.setState(settings),
});

window.addEventListener('message', ({ data }: MessageEvent<ToInspector>) => {
  switch (data.type) {
    case InspectorMessage.State:
      return view.draw(data.state);
    case InspectorMessage.Statistics:
      return view.addStatistics(data.version, data.statistics);
  }
});
vscode.postMessage({ type: InspectorMessage.Ready });
