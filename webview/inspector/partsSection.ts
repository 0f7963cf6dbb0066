import type { Finding, FindingCode } from '../../protocol/findings';
import type { ModelPart } from '../../protocol/inspector';
import { html } from '../dom';
import { section } from '../section';
import { belongsTo } from './tensorRows';

interface PartActions {
  /** Title of the part whose tensors are shown. */
  readonly chosen: string | undefined;
  readonly choose: (title: string) => void;
  readonly explain: (code: FindingCode) => void;
}

/** The model as boxes from its input to its output, with findings where they are. */
export function partsSection(
  parts: readonly ModelPart[],
  findings: readonly Finding[],
  actions: PartActions,
): HTMLElement | undefined {
  if (parts.length === 0) return undefined;
  const recognised = parts.some(({ layer }) => layer !== undefined);
  const list = html(
    'ol',
    { class: recognised ? 'parts chained' : 'parts' },
    ...parts.map((part) =>
      box(
        part,
        findings.filter((finding) => isAt(finding, part)),
        actions,
      ),
    ),
  );
  const result = section(recognised ? 'Layers' : 'Modules', list);
  result.classList.add('model');
  return result;
}

function box(part: ModelPart, findings: readonly Finding[], { chosen, choose, explain }: PartActions): HTMLElement {
  const { title, steps, modules } = part;
  const heading = html(
    'button',
    { class: 'part-title', type: 'button', 'aria-pressed': String(chosen === title) },
    title,
  );
  heading.title = 'Show its tensors alone';
  heading.addEventListener('click', () => choose(title));
  return html(
    'li',
    { class: chosen === title ? 'part chosen' : 'part' },
    modules.length === 0 ? html('span', { class: 'part-title' }, title) : heading,
    html('ul', { class: 'steps' }, ...steps.map((step) => html('li', {}, step))),
    findings.length === 0 ? undefined : html('div', { class: 'pins' }, ...findings.map((found) => pin(found, explain))),
  );
}

function pin({ code, severity, message }: Finding, explain: (code: FindingCode) => void): HTMLElement {
  const chip = html('button', { class: `pin ${severity}`, type: 'button' }, code);
  chip.setAttribute('aria-label', `${code}, ${severity}: ${message}`);
  chip.title = message;
  chip.addEventListener('click', () => explain(code));
  return chip;
}

function isAt({ place }: Finding, part: ModelPart): boolean {
  if (place?.layer !== undefined && place.layer === part.layer) return true;
  return place?.tensor !== undefined && belongsTo(place.tensor, part);
}
