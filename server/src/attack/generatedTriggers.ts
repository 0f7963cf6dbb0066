import * as tf from '@tensorflow/tfjs-core';
import type { FeatureLayout, Graph } from '../graph/graph';
import { valuesOf } from '../tensor/valuesOf';
import { softHosts, type SoftHosts } from './softGraphs';
import type { TriggerGenerator } from './triggerGenerator';
import { hostContext, triggeredHosts, type TriggerHost } from './triggerHosts';

/** Hosts that are run through a generator together. */
export interface HostBatch {
  readonly hosts: readonly TriggerHost[];
  readonly soft: SoftHosts;
  /** Row-major, `[hosts * triggerNodes, inputs]`. */
  readonly context: Float32Array;
}

/** Keeps batches small, whatever the data. */
const mostHosts = 64;

/** Hosts in batches, in their order. */
export function hostBatches(
  hosts: readonly TriggerHost[],
  { shape: { nodes, labelColumns } }: TriggerGenerator,
  layout: FeatureLayout,
): HostBatch[] {
  return Array.from({ length: Math.ceil(hosts.length / mostHosts) }, (_, i) => {
    const some = hosts.slice(i * mostHosts, (i + 1) * mostHosts);
    const context = hostContext(some, nodes, layout);
    return { hosts: some, soft: softHosts(some, nodes, layout, labelColumns > 0), context };
  });
}

/** The hosts with the triggers that a generator makes for them, in their order. */
export function generatedTriggers(generator: TriggerGenerator, batches: readonly HostBatch[]): Graph[] {
  const { nodes, inputs } = generator.shape;
  return batches.flatMap(({ hosts, context }) => {
    const { adjacency, labels } = tf.tidy(() => {
      const made = generator.generate(tf.tensor2d(context, [hosts.length * nodes, inputs]));
      return { adjacency: valuesOf(made.adjacency).slice(), labels: made.labels && valuesOf(made.labels).slice() };
    });
    return triggeredHosts(hosts, nodes, adjacency, labels);
  });
}
