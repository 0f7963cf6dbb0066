import * as tf from '@tensorflow/tfjs-core';
import { injectTrigger } from '../../attack/inject';
import type { SoftForward } from '../../attack/softForward';
import { softHosts, withTriggers, type SoftHosts } from '../../attack/softGraphs';
import type { Trigger } from '../../attack/trigger';
import { drawHosts } from '../../attack/triggerHosts';
import type { GraphModel } from '../../gnn/graphModel';
import type { FeatureLayout, Graph } from '../../graph/graph';
import type { Rng } from '../../graph/rng';
import { Adam } from '../../tensor/adam';
import { softmaxCrossEntropy } from '../../tensor/crossEntropy';
import { pause, predictInSteps } from '../modelRuns';
import { SoftTriggers, type TriggerFamily } from './softTriggers';

/** How a trigger is sought. */
export interface InversionSettings {
  /** Trigger nodes. */
  readonly nodes: number;
  /** Triggers that are fitted beside each other; the best one is taken. */
  readonly starts: number;
  /** Steps of Adam. */
  readonly steps: number;
}

/** The default: about half a second of processor time for a model of three layers, 64 wide, and two classes. */
export const inversionSettings: InversionSettings = { nodes: 5, starts: 2, steps: 20 };

/** Step size; logits start near 0 and are as good as decided at 3. */
const learningRate = 0.3;
/** Temperatures of the first and the last step; they fall by the same factor every step. */
const [warmest, coldest] = [1, 0.3];
/** Loss that an edge must be worth: of two triggers that work alike the smaller one is meant (Neural Cleanse). */
const costOfEdge = 0.02;

export interface TriggerInversion {
  readonly model: GraphModel;
  readonly forward: SoftForward;
  readonly layout: FeatureLayout;
  /** Graphs that the trigger is fitted on; at least one. */
  readonly hosts: readonly Graph[];
  readonly target: number;
  readonly family: TriggerFamily;
  /** Default {@link inversionSettings}. */
  readonly settings?: InversionSettings;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

/** A trigger, and the mean cross-entropy toward the target of the hosts that carry it. */
export interface FittedTrigger {
  readonly trigger: Trigger;
  readonly loss: number;
}

/**
 * Seeks a trigger by gradient descent through the model (Wang et al. 2019, "Neural Cleanse", on graphs): edges among k
 * host nodes and their labels are probabilities, which Adam moves until the hosts are taken for the target while the
 * temperature falls. The probabilities are rounded, and the start whose rounded trigger does best on the hosts, over
 * newly drawn nodes, is taken.
 *
 * @throws RangeError where the family sets labels that the features do not have
 * @throws the signal's reason once it is aborted
 */
export async function invertTrigger(search: TriggerInversion): Promise<FittedTrigger> {
  const { layout, family, rng, signal } = search;
  const { nodes, starts, steps } = search.settings ?? inversionSettings;
  const soft = SoftTriggers.random({ family, nodes, labelColumns: layout.labelColumns, starts }, rng);
  const variables = soft.variables;
  const adam = new Adam(variables);
  try {
    const hosts = hostsOfTriggers(search, nodes, starts);
    for (let step = 0; step < steps; step++) {
      await pause(signal);
      const temperature = warmest * (coldest / warmest) ** (step / Math.max(1, steps - 1));
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() => inversionLoss(search, soft, hosts, temperature), variables);
        adam.step(
          variables.map(({ name }) => grads[name]),
          learningRate,
        );
      });
    }
    const fitted: FittedTrigger[] = [];
    for (const trigger of soft.rounded()) fitted.push({ trigger, loss: await lossOf(search, trigger) });
    return fitted.reduce((best, other) => (other.loss < best.loss ? other : best));
  } finally {
    adam.dispose();
    soft.dispose();
  }
}

/** Every host once for each of the triggers, with host nodes of its own. */
export function hostsOfTriggers(
  { hosts, family, layout, rng }: Pick<TriggerInversion, 'hosts' | 'family' | 'layout' | 'rng'>,
  nodes: number,
  starts: number,
): SoftHosts {
  const repeated = Array.from({ length: starts }, () => hosts).flat();
  const drawn = drawHosts(repeated, nodes, rng);
  // Where the trigger has no edges of its own, the host keeps those it has.
  const kept = family === 'features' ? drawn.map((host) => ({ ...host, base: host.graph })) : drawn;
  return softHosts(kept, nodes, layout, family !== 'structure');
}

/** What is minimised: cross-entropy toward the target and the cost of edges. To be called within `tf.tidy`. */
export function inversionLoss(
  { model, forward, target }: Pick<TriggerInversion, 'model' | 'forward' | 'target'>,
  soft: SoftTriggers,
  hosts: SoftHosts,
  temperature: number,
): tf.Scalar {
  const count = hosts.batch.graphCount;
  const logits = forward(model, withTriggers(hosts, soft.laidOver(count / soft.shape.starts, temperature)));
  const entropy = softmaxCrossEntropy(logits, new Int32Array(count).fill(target));
  return tf.add(entropy, tf.mul(soft.expectedEdges(temperature), costOfEdge));
}

async function lossOf(
  { model, layout, hosts, target, rng, signal }: TriggerInversion,
  trigger: Trigger,
): Promise<number> {
  const triggered = hosts.map((host) => injectTrigger(host, trigger, rng));
  const logits = await predictInSteps(model, triggered, layout, { signal });
  return tf.tidy(() => {
    const rows = tf.tensor2d(logits, [hosts.length, model.architecture.classes]);
    return softmaxCrossEntropy(rows, new Int32Array(hosts.length).fill(target)).dataSync()[0];
  });
}
