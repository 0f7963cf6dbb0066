import type { AttentionTrigger } from '../../../protocol/attention';
import type { TriggerSummary } from '../../../protocol/reports';
import { canBeAttacked } from '../attack/poisoning';
import { injectTrigger } from '../attack/inject';
import { changedNodes, nodesOfTrigger } from '../attack/touchedNodes';
import { triggeredGraphs } from '../attack/triggeredGraphs';
import { parseTriggerFile, TriggerFileError } from '../attack/triggerFile';
import { CleanSetError } from '../defense/cleanSet';
import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { summariseTrigger } from '../scan/backdoor';
import { graphsOf } from './cleanData';
import { findTriggerToCompareBy } from './foundTrigger';
import { readText } from './readText';
import type { RunnableModel } from './runModel';

/** A graph with a trigger in it. */
export interface TriggeredVersion {
  readonly graph: Graph;
  /** Nodes that carry the trigger, ascending. */
  readonly nodes: readonly number[];
}

/** What graphs become with the trigger that a comparison looks at. */
export interface TriggeredVersions {
  readonly trigger: AttentionTrigger;
  /** By data set id; graphs that the trigger does not fit, or that are of its target class, are left out. */
  readonly versions: ReadonlyMap<number, TriggeredVersion>;
}

/** What an earlier scan of a model found. */
export interface FoundEarlier {
  readonly trigger: TriggerSummary;
  /** SHA-256 of the model file that was scanned. */
  readonly model: string;
  /** Hash of the data it was scanned with. */
  readonly data: string;
}

/** Which trigger: found by a scan of the same model with the same data, or in a file; else it is searched for. */
export interface TriggerSource {
  readonly found?: FoundEarlier;
  /** Absolute path of a trigger file; comes first. */
  readonly file?: string;
}

export interface TriggerSearch {
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/**
 * Puts the trigger into graphs of a model's data. Which nodes get it, where that is left to chance, depends on a
 * graph's id and on the seed alone.
 *
 * @param ids data set ids of the graphs
 * @returns undefined where no trigger was given and none can be tried on these graphs
 * @throws TriggerFileError where the file cannot be read or does not fit the data, and the signal's reason once aborted
 */
export async function triggeredVersions(
  opened: RunnableModel,
  ids: readonly number[],
  source: TriggerSource,
  search: TriggerSearch,
): Promise<TriggeredVersions | undefined> {
  if (source.file !== undefined) return fromFile(opened, ids, source.file);
  const { data } = opened;
  const summary = usable(source.found, opened) ?? (await searchedTrigger(opened, search));
  if (summary === undefined) return undefined;
  const versions = new Map<number, TriggeredVersion>();
  for (const id of ids) {
    const host = data.graphs[id];
    if (!canBeAttacked(host, summary, summary.target)) continue;
    const chance = (): Rng => new Rng(search.seed, `attention of graph ${id}`);
    versions.set(id, {
      graph: injectTrigger(host, summary, chance()),
      nodes: nodesOfTrigger(host, summary, chance()),
    });
  }
  return { trigger: { target: summary.target, source: 'scan', summary }, versions };
}

/** What was found on another version of the files, or with features that have not got the labels it sets, is not used. */
function usable(found: FoundEarlier | undefined, { file, data }: RunnableModel): TriggerSummary | undefined {
  if (found?.model !== file.sha256 || found.data !== data.dataset.hash) return undefined;
  const { trigger } = found;
  return trigger.labels?.some((label) => label >= data.layout.labelColumns) ? undefined : trigger;
}

async function searchedTrigger(
  { model, data, splits }: RunnableModel,
  search: TriggerSearch,
): Promise<TriggerSummary | undefined> {
  try {
    const clean = graphsOf(data.graphs, splits.clean);
    const scan = { model, clean, layout: data.layout, ids: splits.clean, ...search };
    const { trigger, target } = await findTriggerToCompareBy(scan);
    return summariseTrigger(trigger, target);
  } catch (error) {
    if (error instanceof CleanSetError) return undefined;
    throw error;
  }
}

async function fromFile(
  { model, data }: RunnableModel,
  ids: readonly number[],
  file: string,
): Promise<TriggeredVersions> {
  const text = await readText(file, (reason) => new TriggerFileError(file, '', reason));
  const read = parseTriggerFile(text, file);
  const { trigger, target, seed, graphs: given } = read;
  const { classes } = model.architecture;
  const triggered = triggeredGraphs(read, data.graphs, ids, data.layout, classes, file);
  const nodesOf = (id: number, version: Graph): number[] =>
    trigger === undefined || given !== undefined
      ? changedNodes(data.graphs[id], version)
      : nodesOfTrigger(data.graphs[id], trigger, new Rng(seed, `trigger of graph ${id}`));
  return {
    trigger: {
      target,
      source: 'file',
      ...(trigger !== undefined && given === undefined && { summary: summariseTrigger(trigger, target) }),
    },
    versions: new Map(
      triggered.ids.map((id, i) => [id, { graph: triggered.graphs[i], nodes: nodesOf(id, triggered.graphs[i]) }]),
    ),
  };
}
