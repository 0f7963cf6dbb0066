import type { CodeLens, Command } from 'vscode-languageserver';
import { plural } from '../../../../protocol/numberText';
import { isPattern } from '../../jobs/manifest/manifestPaths';
import { toUri } from '../fileUri';
import { rangeOf, type ManifestView } from './manifestView';
import { modelsByEntry, targetOf, type ManifestWorld } from './world';

const commands = [
  ['Scan', 'graphnad.scanModel'],
  ['Purify...', 'graphnad.purifyModel'],
  ['Compare attention', 'graphnad.compareAttention'],
] as const;

/** What can be done with the model of each entry; of a pattern, how many models it stands for. */
export async function codeLenses(view: ManifestView, world: ManifestWorld): Promise<CodeLens[]> {
  const models = modelsByEntry(view, world);
  const lenses = await Promise.all(
    view.entries.map(async ({ model, text }, i) => {
      const range = rangeOf(view.document, model);
      const target = targetOf(text, view, world);
      if (target !== undefined && (await world.kindOf(target)) === 'file') {
        return commands.map(([title, command]): CodeLens => ({ range, command: onModel(title, command, target) }));
      }
      return isPattern(text)
        ? [{ range, command: { title: plural(models[i].length, 'model file'), command: '' } }]
        : [];
    }),
  );
  return lenses.flat();
}

function onModel(title: string, command: string, target: string): Command {
  return { title, command, arguments: [{ uri: toUri(target) }] };
}
