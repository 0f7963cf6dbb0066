import type { TriggerSummary } from '../../protocol/reports';
import { html } from '../dom';
import { section } from '../section';
import { drawTrigger } from './drawTrigger';

const placements: Readonly<Record<TriggerSummary['placement'], string>> = {
  random: 'nodes chosen at random',
  degree: 'nodes of the highest degree',
  bfs: 'breadth-first from the node of the highest degree',
  'low-degree': 'nodes of the lowest degree',
};

/** The strongest trigger found, drawn and in words. */
export function triggerSection(trigger: TriggerSummary): HTMLElement {
  const rows: readonly (readonly [string, string])[] = [
    ['Pushes toward', `class ${trigger.target}`],
    ['Nodes', String(trigger.nodes)],
    ['Edges', edgeWords(trigger)],
    ['Node features', trigger.labels === null ? 'kept from the host graph' : `columns ${trigger.labels.join(', ')}`],
    ['Laid on', trigger.attach === 'new-nodes' ? 'new nodes, linked to one host node' : placements[trigger.placement]],
  ];
  return section(
    'Trigger found',
    html(
      'div',
      { class: 'trigger-box' },
      drawTrigger(trigger),
      html(
        'div',
        {},
        html('dl', {}, ...rows.flatMap(([name, value]) => [html('dt', {}, name), html('dd', {}, value)])),
        html(
          'p',
          { class: 'quiet' },
          'The strongest of the triggers made for this model. An attacker’s own may look different.',
        ),
      ),
    ),
  );
}

function edgeWords({ edges, replace }: TriggerSummary): string {
  if (edges === null) return 'kept from the host graph';
  return `${edges.length}, ${replace ? 'in place of those among the chosen nodes' : 'added to those of the host graph'}`;
}
