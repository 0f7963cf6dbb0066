import type { Finding, FindingCode } from '../protocol/findings';
import { html } from './dom';
import { section } from './section';

/** What to try next. */
export function adviceSection(advice: readonly string[]): HTMLElement | undefined {
  if (advice.length === 0) return undefined;
  return section('What to do next', html('ul', { class: 'advice' }, ...advice.map((text) => html('li', {}, text))));
}

/** What is wrong with the purified model, with the way to the page about each code. */
export function findingsSection(
  findings: readonly Finding[],
  explain: (code: FindingCode) => void,
): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return section('Findings', html('ul', { class: 'findings' }, ...findings.map((finding) => item(finding, explain))));
}

function item({ code, severity, message, details }: Finding, explain: (code: FindingCode) => void): HTMLElement {
  const link = html('button', { class: 'link', type: 'button', 'aria-label': `About ${code}` }, code);
  link.addEventListener('click', () => explain(code));
  return html(
    'li',
    { class: severity },
    html('p', {}, link, html('span', { class: 'for-screen-readers' }, `${severity}: `), message),
    ...details.map((detail) => html('p', { class: 'quiet' }, detail)),
  );
}
