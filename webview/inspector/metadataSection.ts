import type { ModelInspection } from '../../protocol/inspector';
import { html } from '../dom';
import { section } from '../section';

/** What the file says beside the weights. */
export function metadataSection({ metadata, otherEntries, wrapper }: ModelInspection): HTMLElement | undefined {
  const rows = Object.entries(metadata);
  if (wrapper !== '') rows.unshift(['Key of the weights', wrapper]);
  if (otherEntries.length > 0) rows.push(['Also in the file', otherEntries.join(', ')]);
  if (rows.length === 0) return undefined;
  return section(
    'Metadata',
    html('dl', { class: 'metadata' }, ...rows.flatMap(([key, value]) => [html('dt', {}, key), html('dd', {}, value)])),
  );
}
