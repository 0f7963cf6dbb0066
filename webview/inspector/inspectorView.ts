import type { Finding, FindingCode } from '../../protocol/findings';
import type { InspectorCommand, InspectorState, TensorStatisticsRequest } from '../../protocol/inspector';
import { html } from '../dom';
import { findingsSection } from '../findings';
import { metadataSection } from './metadataSection';
import { inspectorHeader } from './inspectorHeader';
import { partsSection } from './partsSection';
import { isCurrent } from './standing';
import type { TableSettings } from './tensorRows';
import { TensorTable } from './tensorTable';

interface Actions {
  readonly command: (command: InspectorCommand) => void;
  readonly explain: (code: FindingCode) => void;
  readonly want: (version: string, names: readonly string[]) => void;
  readonly keep: (settings: TableSettings) => void;
}

/** The whole page. A part is drawn anew only when what it shows has changed, so that focus and selection stay. */
export class InspectorView {
  private readonly table: TensorTable;
  private readonly places = new Map<string, { inputs: string; node: Node }>();
  private readonly body = html('div', { class: 'body' });
  private readonly announcement = html('p', { class: 'for-screen-readers', role: 'status' });
  private state: InspectorState | undefined;

  constructor(
    root: HTMLElement,
    kept: TableSettings | undefined,
    private readonly actions: Actions,
  ) {
    this.table = new TensorTable(kept, {
      want: (names) => {
        const version = this.state?.inspection?.version;
        if (version !== undefined) actions.want(version, names);
      },
      changed: (settings) => {
        actions.keep(settings);
        this.drawParts();
      },
    });
    const top = html('div');
    root.append(this.announcement, top, this.body);
    for (const name of ['header', 'findings']) this.place(name, top);
    for (const name of ['parts', 'table', 'metadata']) this.place(name, name === 'metadata' ? root : this.body);
  }

  draw(state: InspectorState): void {
    const isOther = state.inspection?.version !== this.state?.inspection?.version;
    this.state = state;
    const { name, path, failure, sha256, knowledge } = state;
    const version = state.inspection?.version;
    this.part('header', [name, path, failure, sha256, knowledge, version], () =>
      inspectorHeader(state, this.actions.command),
    );
    const findings = findingsOf(state);
    this.part('findings', findings, () => findingsSection(findings, this.actions.explain, true));
    const { inspection } = state;
    if (isOther) this.table.show(inspection?.tensors ?? [], inspection?.parts ?? []);
    else this.table.askAgain();
    const hasTensors = (inspection?.tensors.length ?? 0) > 0;
    this.part('table', hasTensors, () => (hasTensors ? this.table.element : undefined));
    this.drawParts();
    this.part('metadata', version, () => inspection && metadataSection(inspection));
    const summary = state.failure ?? inspection?.unreadable?.reason ?? state.knowledge?.text ?? '';
    if (this.announcement.textContent !== summary) this.announcement.textContent = summary;
  }

  addStatistics(version: string, statistics: TensorStatisticsRequest.Result): void {
    if (version === this.state?.inspection?.version) this.table.addStatistics(statistics);
  }

  private drawParts(): void {
    if (this.state === undefined) return;
    const parts = this.state.inspection?.parts ?? [];
    const findings = findingsOf(this.state);
    const chosen = this.table.settings.part;
    this.part('parts', [this.state.inspection?.version, findings, chosen], () =>
      partsSection(parts, findings, {
        chosen,
        choose: (title) => this.table.choosePart(title),
        explain: this.actions.explain,
      }),
    );
  }

  private place(name: string, parent: HTMLElement): void {
    const node = document.createComment(name);
    parent.append(node);
    this.places.set(name, { inputs: '', node });
  }

  private part(name: string, inputs: unknown, render: () => Node | undefined): void {
    const place = this.places.get(name);
    const key = JSON.stringify(inputs) ?? 'nothing';
    if (place === undefined || place.inputs === key) return;
    const node = render() ?? document.createComment(name);
    replace(place.node, node);
    this.places.set(name, { inputs: key, node });
  }
}

/** The scan's where it was of this content, else those of this look at the file. */
function findingsOf(state: InspectorState): readonly Finding[] {
  const { inspection, knowledge } = state;
  if (knowledge !== undefined && isCurrent(state) && knowledge.verdict !== 'not-scanned') return knowledge.findings;
  return inspection?.findings ?? [];
}

/** Keyboard users go on where they were: at what is called the same, else at the first thing to press. */
function replace(before: Node, after: Node): void {
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  before.parentNode?.replaceChild(after, before);
  if (focused === null || !(after instanceof Element)) return;
  const pressable = [...after.querySelectorAll<HTMLElement>('vscode-button, button, summary')];
  (pressable.find(({ textContent }) => textContent === focused.textContent) ?? pressable.at(0))?.focus();
}
