import path from 'node:path';
import type { DocumentLink } from 'vscode-languageserver';
import { toUri } from '../fileUri';
import { rangeOf, type ManifestView } from './manifestView';
import { targetOf, type ManifestWorld } from './world';

/** Links to the files that a manifest names; a data set's leads to its class labels. */
export async function documentLinks(view: ManifestView, world: ManifestWorld): Promise<DocumentLink[]> {
  const links = await Promise.all(
    view.paths.map(async ({ node, text, role }): Promise<DocumentLink[]> => {
      const target = targetOf(text, view, world);
      if (role === 'output' || target === undefined) return [];
      const leadsTo = role === 'data' ? await labelsIn(target, world) : target;
      if (leadsTo === undefined || (await world.kindOf(leadsTo)) !== 'file') return [];
      // Without the quotes.
      const range = rangeOf(view.document, { offset: node.offset + 1, length: node.length - 2 });
      return [{ range, target: toUri(leadsTo), tooltip: role === 'data' ? 'Open the class labels' : 'Open the file' }];
    }),
  );
  return links.flat();
}

async function labelsIn(folder: string, world: ManifestWorld): Promise<string | undefined> {
  const name = (await world.namesIn(folder)).find((one) => one.endsWith('_graph_labels.txt'));
  return name === undefined ? undefined : path.join(folder, name);
}
