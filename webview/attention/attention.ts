/** The entry of the attention picture: receives its state, keeps it for the next reload, draws it, and reports what is asked for. */
import {
  AttentionPictureMessage,
  attentionPictureVersion,
  type AttentionPictureState,
  type FromAttentionPicture,
  type ToAttentionPicture,
} from '../../protocol/attentionPicture';
import { registerToolkit } from '../toolkit';
import { AttentionView } from './attentionView';

interface VsCodeApi {
  postMessage(message: FromAttentionPicture): void;
  getState(): AttentionPictureState | undefined;
  setState(state: AttentionPictureState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const vscode = acquireVsCodeApi();
registerToolkit();

const root = document.getElementById('attention');
if (root === null) throw new Error('The page has no place for the picture.');
const view = new AttentionView(root, {
  step: (by) => vscode.postMessage({ type: AttentionPictureMessage.Step, by }),
  view: (name) => vscode.postMessage({ type: AttentionPictureMessage.View, view: name }),
  openText: () => vscode.postMessage({ type: AttentionPictureMessage.OpenText }),
  layer: (layer) => {
    const state = keptState();
    if (state !== undefined) vscode.setState({ ...state, layer });
  },
});

window.addEventListener('message', ({ data }: MessageEvent<ToAttentionPicture>) => {
  if (data.type !== AttentionPictureMessage.State) return;
  // Who looks at one layer goes on doing so from graph to graph.
  const state = { ...data.state, layer: data.state.layer ?? keptState()?.layer };
  vscode.setState(state);
  view.draw(state);
});

// What was shown before a reload is there at once; the newest state follows.
const kept = keptState();
if (kept !== undefined) view.draw(kept);
vscode.postMessage({ type: AttentionPictureMessage.Ready });

function keptState(): AttentionPictureState | undefined {
  const state = vscode.getState();
  return state?.version === attentionPictureVersion ? state : undefined;
}
