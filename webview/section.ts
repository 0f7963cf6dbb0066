import { html } from './dom';

let sections = 0;

/** A part of the page under its own heading, which names it for screen readers. */
export function section(title: string, ...children: readonly (Node | undefined)[]): HTMLElement {
  const id = `section-${(sections += 1)}`;
  return html('section', { 'aria-labelledby': id }, html('h2', { id }, title), ...children);
}
