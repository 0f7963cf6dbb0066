import type { InspectedTensor, ModelPart, TensorStatistics, UnreadStatistics } from '../../protocol/inspector';
import { plural } from '../../protocol/numberText';
import { html } from '../dom';
import { section } from '../section';
import { countText } from './numbers';
import { columns, tensorRow } from './tensorCells';
import { needsFigures, visibleTensors, type SortKey, type TableSettings } from './tensorRows';

interface TableActions {
  /** Figures of these tensors are wanted, in this order. */
  readonly want: (names: readonly string[]) => void;
  readonly changed: (settings: TableSettings) => void;
}

/** Rows kept beyond the edge, so that slow scrolling shows no gap. */
const margin = 10;
/** After this long without scrolling the rows in view get their figures, in milliseconds. */
const rest = 80;

/** The tensors in rows, of which only those in view exist. */
export class TensorTable {
  readonly element: HTMLElement;
  private current: TableSettings;
  private tensors: readonly InspectedTensor[] = [];
  private parts: readonly ModelPart[] = [];
  private rows: readonly InspectedTensor[] = [];
  private readonly statistics = new Map<string, TensorStatistics | UnreadStatistics>();
  private readonly drawn = new Map<number, HTMLElement>();
  private readonly filter = html('input', {
    ...{ type: 'search', class: 'filter', placeholder: 'Filter by name, type or shape', spellcheck: 'false' },
    'aria-label': 'Filter tensors by name, type or shape',
  });
  private readonly partChip = html('button', { class: 'chip', type: 'button' });
  private readonly count = html('span', { class: 'quiet', role: 'status' });
  /** Beside the count, as it changes too often to be read out. */
  private readonly reading = html('span', { class: 'quiet' });
  private readonly sampled = html('p', { class: 'quiet sampled-note' });
  private readonly headings = new Map<SortKey, HTMLElement>();
  private readonly spacer = html('div', { class: 'rows', role: 'rowgroup' });
  private readonly scroller = html('div', { class: 'table', role: 'table', tabindex: 0, 'aria-label': 'Tensors' });
  /** Tensors whose figures were asked for last. */
  private asked: ReadonlySet<string> = new Set();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;

  constructor(
    kept: TableSettings | undefined,
    private readonly actions: TableActions,
  ) {
    this.current = kept ?? { filter: '' };
    this.filter.value = this.current.filter;
    this.filter.addEventListener('input', () => this.change({ ...this.current, filter: this.filter.value }));
    this.partChip.addEventListener('click', () => {
      this.change({ ...this.current, part: undefined });
      this.filter.focus();
    });
    this.scroller.append(html('div', { role: 'rowgroup', class: 'head' }, this.headRow()), this.spacer);
    this.scroller.addEventListener('scroll', () => this.drawSoon());
    new ResizeObserver(() => this.drawSoon()).observe(this.scroller);
    this.element = section(
      'Tensors',
      html('div', { class: 'toolbar' }, this.filter, this.partChip, this.count, this.reading),
      this.scroller,
      this.sampled,
    );
    this.element.classList.add('tensors');
  }

  get settings(): TableSettings {
    return this.current;
  }

  /** Shows the tensors of another file, or of another version of it. */
  show(tensors: readonly InspectedTensor[], parts: readonly ModelPart[]): void {
    this.tensors = tensors;
    this.parts = parts;
    this.statistics.clear();
    this.asked = new Set();
    if (!parts.some(({ title }) => title === this.current.part)) this.current = { ...this.current, part: undefined };
    this.arrange();
  }

  addStatistics(statistics: readonly (TensorStatistics | UnreadStatistics)[]): void {
    for (const figures of statistics) this.statistics.set(figures.name, figures);
    if (this.current.sort !== undefined && needsFigures(this.current.sort.key)) this.arrange();
    else {
      this.forgetRows();
      this.drawSoon();
    }
  }

  /** What was asked for may have been lost, such as with a server that was restarted. */
  askAgain(): void {
    this.asked = new Set();
    this.drawSoon();
  }

  /** Shows the tensors of a part alone, or all again. */
  choosePart(title: string): void {
    this.change({ ...this.current, part: this.current.part === title ? undefined : title });
  }

  private change(settings: TableSettings): void {
    this.current = settings;
    this.scroller.scrollTop = 0;
    this.arrange();
    this.actions.changed(settings);
  }

  private sortBy(key: SortKey): void {
    const { sort } = this.current;
    const next =
      sort?.key !== key ? { key, descending: false } : sort.descending ? undefined : { key, descending: true };
    this.change({ ...this.current, sort: next });
  }

  private arrange(): void {
    const { sort, part } = this.current;
    this.rows = visibleTensors(this.tensors, this.parts, this.current, this.statistics);
    for (const [key, heading] of this.headings) {
      const order = sort?.key !== key ? 'none' : sort.descending ? 'descending' : 'ascending';
      heading.setAttribute('aria-sort', order);
    }
    this.partChip.hidden = part === undefined;
    this.partChip.textContent = `${part ?? ''} ✕`;
    this.partChip.setAttribute('aria-label', `${part ?? ''} ✕, show the tensors of all parts again`);
    this.scroller.setAttribute('aria-rowcount', String(this.rows.length + 1));
    this.forgetRows();
    this.drawSoon();
  }

  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private forgetRows(): void {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  private draw(): void {
    const height = this.rowHeight();
    this.spacer.style.height = `${this.rows.length * height}px`;
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / height) - margin);
    const last = Math.min(this.rows.length, Math.ceil((scrollTop + clientHeight) / height) + margin);
    for (const [index, row] of this.drawn) {
      if (index >= first && index < last) continue;
      row.remove();
      this.drawn.delete(index);
    }
    for (let index = first; index < last; index++) {
      if (this.drawn.has(index)) continue;
      const tensor = this.rows[index];
      const row = tensorRow(tensor, this.statistics.get(tensor.name));
      row.setAttribute('aria-rowindex', String(index + 2));
      row.style.top = `${index * height}px`;
      this.drawn.set(index, row);
      // Screen readers read rows in the order of the document.
      this.spacer.insertBefore(row, this.drawn.get(index + 1) ?? null);
    }
    this.tell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wantFigures(first, last), rest);
  }

  private tell(): void {
    const { sort } = this.current;
    const all = plural(this.tensors.length, 'tensor');
    const shown = this.rows.length === this.tensors.length ? all : `${countText(this.rows.length)} of ${all}`;
    if (this.count.textContent !== shown) this.count.textContent = shown;
    const unread = sort !== undefined && needsFigures(sort.key) ? this.rows.length - this.known(this.rows) : 0;
    this.reading.textContent = unread > 0 ? `figures of ${countText(unread)} are being read...` : '';
    const samples = [...this.statistics.values()].find((figures) => 'sampled' in figures && isSampled(figures));
    this.sampled.hidden = samples === undefined;
    this.sampled.textContent =
      samples !== undefined && 'sampled' in samples
        ? `≈ Of large tensors, ${countText(samples.sampled)} values were looked at, in blocks spread evenly. Smallest, largest and non-finite values may lie between them.`
        : '';
  }

  private known(rows: readonly InspectedTensor[]): number {
    return rows.filter(({ name }) => this.statistics.has(name)).length;
  }

  /** What is in view comes first; a sort by figures needs those of all rows. */
  private wantFigures(first: number, last: number): void {
    const { sort } = this.current;
    const inView = this.rows.slice(first, last);
    const wanted = sort !== undefined && needsFigures(sort.key) ? new Set([...inView, ...this.rows]) : inView;
    const names = [...wanted].map(({ name }) => name).filter((name) => !this.statistics.has(name));
    // Asking again would stop what is being read.
    if (names.every((name) => this.asked.has(name))) return;
    this.asked = new Set(names);
    this.actions.want(names);
  }

  /** As the style sheet has it, which goes by the user's font. */
  private rowHeight(): number {
    return Math.max(16, parseFloat(getComputedStyle(this.scroller).getPropertyValue('line-height')) + 8 || 28);
  }

  private headRow(): HTMLElement {
    return html(
      'div',
      { role: 'row', class: 'row', 'aria-rowindex': 1 },
      ...columns.map(({ title, key, kind, hint }) => {
        if (key === undefined) return html('span', { role: 'columnheader', class: kind }, title);
        const button = html('button', { class: 'sort', type: 'button', title: hint }, title);
        button.addEventListener('click', () => this.sortBy(key));
        const heading = html('span', { role: 'columnheader', class: kind, 'aria-sort': 'none' }, button);
        this.headings.set(key, heading);
        return heading;
      }),
    );
  }
}

function isSampled({ sampled, elements }: TensorStatistics): boolean {
  return sampled < elements;
}
