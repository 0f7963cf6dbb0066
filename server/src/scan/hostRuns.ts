import { triggerEdit } from '../attack/triggerEdit';
import type { Trigger } from '../attack/trigger';
import type { GraphModel } from '../gnn/graphModel';
import { LocalForward, type EditedGraph } from '../gnn/local/localForward';
import { applyEdit } from '../graph/edit';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { pause, predictInSteps, runWithReach, type LayerRange, type ReachRun, type RunOptions } from './modelRuns';
import { reachInPlace } from './reach';

/**
 * Hosts of at least so many nodes are answered locally. Below, a trigger reaches most of the graph, and a full pass over
 * a folded batch is as fast (`bench/localForward.ts`).
 */
const smallestLocalHost = 100;
/** Nodes of all hosts together that rows are kept of, so that memory stays bounded; hosts beyond take full passes. */
const mostLocalNodes = 1 << 20;
/** Triggered graphs between two pauses. */
const graphsAtOnce = 32;

type HostRunOptions = Omit<RunOptions, 'bounds'>;

/** Some of the triggered hosts. */
interface Part<T> {
  readonly items: T[];
  /** Where each belongs in the order of `[triggers, hosts]`. */
  readonly indices: number[];
}

/**
 * Runs a model on the same host graphs with one trigger after another. Large hosts of a GIN are answered locally, with
 * the same results up to rounding. Call `dispose` when done.
 */
export class HostRuns {
  /** Index among the locally answered hosts of each host, -1 for others. */
  private readonly localIndex: Int32Array;
  private readonly local: LocalForward | undefined;

  /** @param hosts at least one */
  constructor(
    private readonly model: GraphModel,
    private readonly hosts: readonly Graph[],
    private readonly layout: FeatureLayout,
  ) {
    const large: Graph[] = [];
    let nodes = 0;
    const supported = LocalForward.supports(model);
    this.localIndex = Int32Array.from(hosts, (host) => {
      if (!supported || host.nodeCount < smallestLocalHost || nodes + host.nodeCount > mostLocalNodes) return -1;
      nodes += host.nodeCount;
      return large.push(host) - 1;
    });
    if (large.length > 0) this.local = new LocalForward(model, large, layout);
  }

  /**
   * Logits of every host with every trigger.
   *
   * @param rng chooses host nodes where the placement is random, trigger by trigger and host by host
   * @returns row-major `[triggers, hosts, classes]`
   * @throws the signal's reason once it is aborted
   */
  async logits(triggers: readonly Trigger[], rng: Rng, options: HostRunOptions = {}): Promise<Float32Array> {
    const { classes } = this.model.architecture;
    const { local, full } = this.divide(triggers, rng);
    const logits = new Float32Array(triggers.length * this.hosts.length * classes);
    await this.inGroups(local, full.items.length, options, (runs, { items, indices }) => {
      putRows(logits, classes, indices, runs.logits(items));
    });
    const values = await predictInSteps(this.model, full.items, this.layout, behind(local, full, options));
    putRows(logits, classes, full.indices, values);
    return logits;
  }

  /**
   * The same, and how far each triggered host drives layers out of their clean ranges.
   *
   * @param ranges of the layers to look at, as `measureRanges` gives them
   * @returns logits and reach in the order of `[triggers, hosts]`
   * @throws the signal's reason once it is aborted
   */
  async withReach(
    triggers: readonly Trigger[],
    rng: Rng,
    ranges: readonly LayerRange[],
    options: HostRunOptions = {},
  ): Promise<ReachRun> {
    const { classes } = this.model.architecture;
    const { local, full } = this.divide(triggers, rng);
    const count = triggers.length * this.hosts.length;
    const logits = new Float32Array(count * classes);
    const reach = ranges.map(() => new Float64Array(count));
    const layers = ranges.map(({ layer }) => layer);
    await this.inGroups(local, full.items.length, options, (runs, { items, indices }) => {
      const answer = runs.logitsAndMaxima(items, layers);
      putRows(logits, classes, indices, answer.logits);
      ranges.forEach(({ largest }, r) => {
        const hidden = largest.length;
        indices.forEach((index, i) => {
          reach[r][index] = reachInPlace(answer.maxima[r].subarray(i * hidden, (i + 1) * hidden), largest);
        });
      });
    });
    const run = await runWithReach(this.model, full.items, this.layout, ranges, behind(local, full, options));
    putRows(logits, classes, full.indices, run.logits);
    run.reach.forEach((values, r) => full.indices.forEach((index, i) => (reach[r][index] = values[i])));
    return { logits, reach };
  }

  dispose(): void {
    this.local?.dispose();
  }

  /** Draws what every trigger does to every host. */
  private divide(triggers: readonly Trigger[], rng: Rng): { local: Part<EditedGraph>; full: Part<Graph> } {
    const local: Part<EditedGraph> = { items: [], indices: [] };
    const full: Part<Graph> = { items: [], indices: [] };
    triggers.forEach((trigger, t) => {
      this.hosts.forEach((host, h) => {
        const edit = triggerEdit(host, trigger, rng);
        const index = t * this.hosts.length + h;
        const graph = this.localIndex[h];
        (graph >= 0 ? local : full).indices.push(index);
        if (graph >= 0) local.items.push({ graph, edit });
        else full.items.push(applyEdit(host, edit));
      });
    });
    return { local, full };
  }

  /** @param later number of graphs that are run afterwards, for the progress */
  private async inGroups(
    { items, indices }: Part<EditedGraph>,
    later: number,
    { signal, progress }: HostRunOptions,
    answer: (runs: LocalForward, group: Part<EditedGraph>) => void,
  ): Promise<void> {
    for (let start = 0; this.local !== undefined && start < items.length; start += graphsAtOnce) {
      await pause(signal);
      const end = Math.min(start + graphsAtOnce, items.length);
      answer(this.local, { items: items.slice(start, end), indices: indices.slice(start, end) });
      progress?.(end / (items.length + later));
    }
  }
}

/** Options of full runs whose progress follows that of the local ones. */
function behind(local: Part<unknown>, full: Part<unknown>, { signal, progress }: HostRunOptions): HostRunOptions {
  const [done, left] = [local.items.length, full.items.length];
  return { signal, progress: (fraction) => progress?.((done + fraction * left) / (done + left)) };
}

/** Puts row i of `values` in the place of row `indices[i]` of `rows`. */
function putRows(rows: Float32Array, width: number, indices: readonly number[], values: Float32Array): void {
  indices.forEach((index, i) => rows.set(values.subarray(i * width, (i + 1) * width), index * width));
}
