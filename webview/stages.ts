import type { PanelState } from '../protocol/panel';
import { html } from './dom';
import { timeLeft } from './format';
import { progressBar } from './progressBar';

/** How far a run is: its stages, the bar, epoch and time left. Nothing before the first news and after the end. */
export function stagesSection(state: PanelState): HTMLElement | undefined {
  const { progress } = state;
  if (progress === undefined || state.report !== undefined) return undefined;
  return html(
    'section',
    { 'aria-label': 'Progress' },
    html(
      'ol',
      { class: 'stages' },
      ...state.stages.map((name, index) =>
        html(
          'li',
          {
            class: index < progress.stageIndex ? 'done' : index === progress.stageIndex ? 'current' : 'ahead',
            'aria-current': index === progress.stageIndex ? 'step' : undefined,
          },
          html('span', { class: 'stage-number' }, String(index + 1)),
          name === null ? undefined : html('span', {}, name),
        ),
      ),
    ),
    progressBar('Purification', progress),
    html('p', { class: 'quiet progress-text' }, progressText(state)),
  );
}

function progressText({ progress, secondsLeft, failure }: PanelState): string {
  if (progress === undefined) return '';
  const { stage, epoch, epochs, fraction } = progress;
  const within = epoch === undefined ? [] : [`epoch ${epoch}${epochs === undefined ? '' : ` of ${epochs}`}`];
  const left = secondsLeft === undefined ? [] : [timeLeft(secondsLeft)];
  const done = failure === undefined ? `${Math.floor(fraction * 100)}%` : `stopped at ${Math.floor(fraction * 100)}%`;
  return [stage, ...within, done, ...left].join(' · ');
}
