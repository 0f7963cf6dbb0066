import { triggerEdit } from '../attack/triggerEdit';
import type { Trigger } from '../attack/trigger';
import type { GinModel } from '../gnn/gin';
import { LocalForward } from '../gnn/local/localForward';
import { applyEdit, type GraphEdit } from '../graph/edit';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { pause, predictInSteps } from './modelRuns';

/**
 * Hosts of at least so many nodes are answered locally. Below, a trigger reaches most of the graph, and a full pass over
 * a folded batch is as fast (`bench/localForward.ts`).
 */
const smallestLocalHost = 100;
/** Nodes of all hosts together that rows are kept of, so that memory stays bounded; hosts beyond take full passes. */
const mostLocalNodes = 1 << 20;
/** Triggered graphs between two pauses. */
const graphsAtOnce = 32;

/**
 * Runs a model on the same host graphs with one trigger after another. Large hosts are answered locally, with the same
 * logits up to rounding. Call `dispose` when done.
 */
export class HostRuns {
  /** Index among the locally answered hosts of each host, -1 for others. */
  private readonly localIndex: Int32Array;
  private readonly local: LocalForward | undefined;

  /** @param hosts at least one */
  constructor(
    private readonly model: GinModel,
    private readonly hosts: readonly Graph[],
    private readonly layout: FeatureLayout,
  ) {
    const large: Graph[] = [];
    let nodes = 0;
    this.localIndex = Int32Array.from(hosts, (host) => {
      if (host.nodeCount < smallestLocalHost || nodes + host.nodeCount > mostLocalNodes) return -1;
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
  async logits(triggers: readonly Trigger[], rng: Rng, signal?: AbortSignal): Promise<Float32Array> {
    const { hosts, localIndex } = this;
    const edits = triggers.flatMap((trigger) => hosts.map((host) => triggerEdit(host, trigger, rng)));
    const [local, full]: [number[], number[]] = [[], []];
    edits.forEach((_, i) => (localIndex[i % hosts.length] >= 0 ? local : full).push(i));
    const { classes } = this.model.architecture;
    const logits = new Float32Array(edits.length * classes);
    const put = (indices: readonly number[], values: Float32Array): void => {
      indices.forEach((index, i) => logits.set(values.subarray(i * classes, (i + 1) * classes), index * classes));
    };
    const graphs = full.map((i) => applyEdit(hosts[i % hosts.length], edits[i]));
    put(full, await predictInSteps(this.model, graphs, this.layout, { signal }));
    put(local, await this.localLogits(local, edits, signal));
    return logits;
  }

  dispose(): void {
    this.local?.dispose();
  }

  private async localLogits(
    indices: readonly number[],
    edits: readonly GraphEdit[],
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const { classes } = this.model.architecture;
    const logits = new Float32Array(indices.length * classes);
    for (let start = 0; this.local !== undefined && start < indices.length; start += graphsAtOnce) {
      await pause(signal);
      const edited = indices.slice(start, start + graphsAtOnce).map((i) => ({
        graph: this.localIndex[i % this.hosts.length],
        edit: edits[i],
      }));
      logits.set(this.local.logits(edited), start * classes);
    }
    return logits;
  }
}
