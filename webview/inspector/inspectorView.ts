import type { Finding, FindingCode } from '../../protocol/findings';
import type { InspectorCommand, InspectorState, TensorStatisticsRequest } from '../../protocol/inspector';
import { html } from '../dom';
import { findingsSection } from '../findings';
import { Parts } from '../parts';
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

/** The whole page. */
export class InspectorView {
  private readonly table: TensorTable;
  private readonly parts = new Parts();
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
    for (const name of ['header', 'findings']) this.parts.place(name, top);
    for (const name of ['parts', 'table', 'metadata']) this.parts.place(name, name === 'metadata' ? root : this.body);
  }

  draw(state: InspectorState): void {
    const isOther = state.inspection?.version !== this.state?.inspection?.version;
    this.state = state;
    const { name, path, failure, sha256, knowledge } = state;
    const version = state.inspection?.version;
    this.parts.draw('header', [name, path, failure, sha256, knowledge, version], () =>
      inspectorHeader(state, this.actions.command),
    );
    const findings = findingsOf(state);
    this.parts.draw('findings', findings, () => findingsSection(findings, this.actions.explain, true));
    const { inspection } = state;
    if (isOther) this.table.show(inspection?.tensors ?? [], inspection?.parts ?? []);
    else this.table.askAgain();
    const hasTensors = (inspection?.tensors.length ?? 0) > 0;
    this.parts.draw('table', hasTensors, () => (hasTensors ? this.table.element : undefined));
    this.drawParts();
    this.parts.draw('metadata', version, () => inspection && metadataSection(inspection));
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
    this.parts.draw('parts', [this.state.inspection?.version, findings, chosen], () =>
      partsSection(parts, findings, {
        chosen,
        choose: (title) => this.table.choosePart(title),
        explain: this.actions.explain,
      }),
    );
  }
}

/** The scan's where it was of this content, else those of this look at the file. */
function findingsOf(state: InspectorState): readonly Finding[] {
  const { inspection, knowledge } = state;
  if (knowledge !== undefined && isCurrent(state) && knowledge.verdict !== 'not-scanned') return knowledge.findings;
  return inspection?.findings ?? [];
}
