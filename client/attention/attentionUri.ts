import * as vscode from 'vscode';
import { attentionScheme } from '../../protocol/attention';
import { fileName } from '../files';
import { placeQuery, type AttentionPlace, type Side } from './attentionPlace';

/** Address of one side of a graph. */
export function attentionUri(place: AttentionPlace, side: Side): vscode.Uri {
  const { path } = modelOn(place, side);
  return vscode.Uri.from({ scheme: attentionScheme, path: `${path}.attention.txt`, query: placeQuery(place, side) });
}

/** The model that a side shows. */
function modelOn({ comparison: { beforeUri, afterUri } }: AttentionPlace, side: Side): vscode.Uri {
  return vscode.Uri.parse(side === 'after' && afterUri !== undefined ? afterUri : beforeUri);
}

/** `gin.pt ↔ gin.purified.pt (attention, graph 17)` */
export function diffTitle(place: AttentionPlace): string {
  const [before, after] = sideNames(place);
  const { view, graph, comparison } = place;
  if (comparison.afterUri === undefined) return `${before}: without ↔ with the trigger (attention, graph ${graph})`;
  return `${before} ↔ ${after} (attention, graph ${graph}${view === 'clean' ? ' without trigger' : ''})`;
}

/** Names of the files of both sides. */
export function sideNames(place: AttentionPlace): [before: string, after: string] {
  return [fileName(modelOn(place, 'before')), fileName(modelOn(place, 'after'))];
}
