import type { JobProgress } from '../protocol/reports';
import { html } from './dom';

/** How far a job is, as a bar that has a name and says its stage. */
export function progressBar(label: string, { stage, fraction }: JobProgress): HTMLElement {
  const percent = Math.floor(fraction * 100);
  const fill = html('div', { class: 'progress-fill' });
  fill.style.width = `${percent}%`;
  return html(
    'div',
    {
      class: 'progress',
      role: 'progressbar',
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': percent,
      'aria-valuetext': `${stage}, ${percent}%`,
    },
    fill,
  );
}
