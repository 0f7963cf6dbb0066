import { html, svg } from '../dom';
import { shadeOf } from './nodeText';

const steps = [0, 0.1, 0.3, 0.5, 0.7];

/** How to read the picture. */
export function legend(withTrigger: boolean): HTMLElement {
  const sample = (attention: number): HTMLElement =>
    html(
      'li',
      {},
      svg(
        'svg',
        { class: 'sample', viewBox: '-12 -12 24 24', 'aria-hidden': 'true' },
        svg(
          'g',
          { class: `node shade-${shadeOf(attention)}` },
          svg('circle', { class: 'dot', r: shadeOf(attention) === 0 ? 4 : 5 + 6 * attention }),
        ),
      ),
      attention === 0 ? 'none' : attention.toFixed(1),
    );
  const ring = html(
    'li',
    {},
    svg(
      'svg',
      { class: 'sample', viewBox: '-12 -12 24 24', 'aria-hidden': 'true' },
      svg('g', { class: 'node trigger' }, svg('circle', { class: 'ring', r: 9 })),
    ),
    'carries the trigger',
  );
  return html(
    'ul',
    { class: 'legend', 'aria-label': 'Attention of a node' },
    ...steps.map(sample),
    withTrigger ? ring : undefined,
  );
}
