/** The results panel's entry: receives its state, keeps it for the next reload, draws it, and reports button presses. */
import { PanelMessage, panelStateVersion, type FromPanel, type PanelState, type ToPanel } from '../protocol/panel';
import { registerToolkit } from './toolkit';
import { View } from './view';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const vscode = acquireVsCodeApi();
registerToolkit();

const root = document.getElementById('panel');
if (root === null) throw new Error('The page has no place for the panel.');
const view = new View(root, {
  command: (command) => vscode.postMessage({ type: PanelMessage.Command, command }),
  explain: (code) => vscode.postMessage({ type: PanelMessage.ExplainFinding, code }),
  tryRemedy: (remedy) => vscode.postMessage({ type: PanelMessage.TryRemedy, remedy }),
});

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  if (data.type !== PanelMessage.State) return;
  vscode.setState(data.state);
  view.draw(data.state);
});

// What was shown before a reload is there at once; the newest state follows.
const kept = vscode.getState();
if (kept?.version === panelStateVersion) view.draw(kept);
vscode.postMessage({ type: PanelMessage.Ready });
