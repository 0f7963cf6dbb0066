/** What the names in a zip archive tell about who loads it, and what that runs. */

import type { CodeMention } from './codeMention';

export interface ArchiveTraits {
  /** Made by `torch.package`, whose importer runs the Python in it. */
  readonly isPackage: boolean;
  /** TorchScript of before PyTorch 1.3, whose `model.json` may name any entry as its code. */
  readonly hasArena: boolean;
}

export function traitsOf(names: readonly string[]): ArchiveTraits {
  return {
    isPackage: names.some((name) => /(^|\/)\.data\/extern_modules$/i.test(name)),
    hasArena: names.some((name) => /(^|\/)model\.json$/i.test(name)),
  };
}

/** Python in an archive that is no code of TorchScript. */
export function sourceMention(entry: string): CodeMention {
  return { kind: 'python-source', name: entry.slice(entry.lastIndexOf('/') + 1), entry };
}
