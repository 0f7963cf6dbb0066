import path from 'node:path';
import { findManifest, searchBoundary } from '../jobs/manifest/findManifest';
import { readModelSettings, type ModelSettings } from '../jobs/manifest/modelSettings';
import { visible } from '../report/visible';
import { pathOption, UsageError, type Arguments } from './arguments';
import { say } from './output';

/** Options of commands that go by `graphnad.json`. */
export const manifestOptions = { manifest: { type: 'string' }, 'no-manifest': { type: 'boolean' } } as const;

/** Their part of a command's help. */
export const manifestHelp = `  --manifest FILE      settings of models (graphnad.json); default: the nearest one above each model, up to the top of
                       its git repository or the current folder. Options given here come first
  --no-manifest        go by no graphnad.json`;

/**
 * Answers what the manifest of a model says of it, and says once which manifest that is. Paths in it must not leave its
 * folder.
 *
 * @throws UsageError for options that contradict each other; the answer rejects with a ManifestError
 */
export function manifestOf(args: Arguments): (model: string) => Promise<ModelSettings | undefined> {
  const given = pathOption(args, 'manifest');
  const none = args.values['no-manifest'] === true;
  if (none && given !== undefined) throw new UsageError('--manifest and --no-manifest contradict each other');
  const named = new Set<string>();
  return async (model) => {
    if (none) return undefined;
    const file = given ?? (await findManifest(model, await searchBoundary(model, process.cwd())));
    if (file === undefined) return undefined;
    if (!named.has(file)) say(`graphnad: settings from ${visible(path.relative(process.cwd(), file) || file)}`);
    named.add(file);
    return readModelSettings(model, file);
  };
}
