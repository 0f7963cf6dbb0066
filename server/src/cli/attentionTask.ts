import path from 'node:path';
import type { AttentionTask } from '../jobs/attentionTask';
import { modelTask, pathOption, text, UsageError, type Arguments } from './arguments';
import { manifestOf } from './manifest';

/**
 * What `graphnad attention` compares: what its options say, then what the manifest of the model before says. Its trigger
 * serves reports of purifications alone, so it is none of it.
 *
 * @param graph data set id of the graph that is asked for
 * @throws UsageError, ManifestError
 */
export async function attentionTask(args: Arguments, graph: number | undefined): Promise<AttentionTask> {
  const [model, after] = args.positionals.map((file) => path.resolve(file));
  const given = await modelTask(args);
  const settings = await manifestOf(args)(model);
  // Features and ids of graphs go with their data.
  const named = given.data === undefined ? settings?.data : undefined;
  const data = given.data ?? named?.folder;
  if (data === undefined) throw new UsageError('--data is missing');
  const architecture = { ...settings?.architecture, ...given.architecture };
  return {
    kind: 'attention',
    ...{ model, after, data, graph },
    features: given.features ?? named?.features,
    cleanIds: named?.cleanIds,
    architecture: Object.keys(architecture).length === 0 ? undefined : architecture,
    backend: given.backend,
    seed: text(args, 'seed') === undefined ? (settings?.seed ?? given.seed) : given.seed,
    trigger: pathOption(args, 'trigger'),
  };
}
