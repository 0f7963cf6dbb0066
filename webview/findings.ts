import type { Finding, FindingCode } from '../protocol/findings';
import type { Remedy } from '../protocol/reports';
import { html } from './dom';
import { section } from './section';
import { button } from './toolkit';

/**
 * What to try next, with a button for what another run can try.
 *
 * @param run is told the position of the remedy
 */
export function adviceSection(
  advice: readonly string[],
  remedies: readonly Remedy[],
  run: (remedy: number) => void,
): HTMLElement | undefined {
  if (advice.length === 0) return undefined;
  const buttons = remedies.map(({ label, detail }, i) =>
    html(
      'p',
      { class: 'remedy' },
      button(label, () => run(i), 'secondary'),
      html('span', { class: 'quiet' }, detail),
    ),
  );
  return section(
    'What to do next',
    html('ul', { class: 'advice' }, ...advice.map((text) => html('li', {}, text))),
    ...buttons,
  );
}

/** Lines of evidence that are always shown. */
const unfoldedLines = 2;

/**
 * What is wrong with a model, with the way to the page about each code.
 *
 * @param folded whether long evidence waits to be unfolded
 */
export function findingsSection(
  findings: readonly Finding[],
  explain: (code: FindingCode) => void,
  folded = false,
): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return section(
    'Findings',
    html('ul', { class: 'findings' }, ...findings.map((finding) => item(finding, explain, folded))),
  );
}

function item(
  { code, severity, message, details }: Finding,
  explain: (code: FindingCode) => void,
  folded: boolean,
): HTMLElement {
  const link = html('button', { class: 'link', type: 'button', 'aria-label': `About ${code}` }, code);
  link.addEventListener('click', () => explain(code));
  return html(
    'li',
    { class: severity },
    html('p', {}, link, html('span', { class: 'for-screen-readers' }, `${severity}: `), message),
    ...(folded && details.length > unfoldedLines
      ? [html('details', {}, html('summary', {}, 'Evidence'), ...evidence(details))]
      : evidence(details)),
  );
}

function evidence(details: readonly string[]): HTMLElement[] {
  return details.map((detail) => html('p', { class: 'quiet' }, detail));
}
