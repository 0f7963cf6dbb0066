import type { TriggerSummary } from '../../../protocol/reports';
import { describeTrigger } from '../scan/describeTrigger';

/** A trigger to the last edge: `4-node ring put on hub nodes, replacing their edges; edges 0-1 1-2 2-3 0-3; labels kept`. */
export function triggerText(trigger: TriggerSummary): string {
  const { edges, labels, attach } = trigger;
  const laidOver = edges !== null && attach !== 'new-nodes';
  const how = laidOver ? (trigger.replace ? ', replacing their edges' : ', added to their edges') : '';
  return [
    describeTrigger(trigger) + how,
    ...(edges === null || edges.length === 0 ? [] : [`edges ${edges.map(([u, v]) => `${u}-${v}`).join(' ')}`]),
    labels === null ? 'labels kept' : `labels ${labels.join(' ')}`,
  ].join('; ');
}
