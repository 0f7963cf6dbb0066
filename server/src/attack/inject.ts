import { applyEdit } from '../graph/edit';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { Trigger } from './trigger';
import { triggerEdit } from './triggerEdit';

/**
 * Puts a trigger into a host graph, as {@link triggerEdit} says. The host is not changed and keeps its class.
 *
 * @param rng chooses host nodes for placement `random`
 * @throws RangeError where the trigger sets labels or attributes of a shape that the host does not have
 */
export function injectTrigger(graph: Graph, trigger: Trigger, rng: Rng): Graph {
  return applyEdit(graph, triggerEdit(graph, trigger, rng));
}
