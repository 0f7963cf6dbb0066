import type { Histogram, InspectedTensor, TensorStatistics, UnreadStatistics } from '../../protocol/inspector';
import { html, svg } from '../dom';
import { plain } from '../format';
import { bytesText, countText } from './numbers';
import { shapeText, type SortKey } from './tensorRows';

interface Column {
  readonly title: string;
  /** Absent where rows cannot be sorted by it. */
  readonly key?: SortKey;
  readonly kind: 'text' | 'figure' | 'picture';
  readonly hint?: string;
}

export const columns: readonly Column[] = [
  { title: 'Name', key: 'name', kind: 'text', hint: 'Sort by name' },
  { title: 'Type', key: 'dtype', kind: 'text', hint: 'Sort by element type' },
  { title: 'Shape', key: 'shape', kind: 'text', hint: 'Sort by number of elements' },
  { title: 'Size', key: 'bytes', kind: 'figure', hint: 'Sort by size' },
  { title: 'Values', kind: 'picture' },
  { title: 'Norm', key: 'norm', kind: 'figure', hint: 'Sort by Euclidean norm of the finite values' },
  { title: 'Min', key: 'min', kind: 'figure', hint: 'Sort by smallest finite value' },
  { title: 'Max', key: 'max', kind: 'figure', hint: 'Sort by largest finite value' },
  { title: 'Mean', key: 'mean', kind: 'figure', hint: 'Sort by mean of the finite values' },
  { title: 'Non-finite', key: 'nonFinite', kind: 'figure', hint: 'Sort by number of values that are NaN or infinite' },
];

/** One tensor. Figures that are not known yet stay empty. */
export function tensorRow(
  { name, dtype, shape, bytes }: InspectedTensor,
  figures: TensorStatistics | UnreadStatistics | undefined,
): HTMLElement {
  const cells = [cell('text name', name, name), cell('text', dtype), cell('text', shapeText(shape), shapeText(shape))];
  return html(
    'div',
    { role: 'row', class: 'row' },
    ...cells,
    cell('figure', bytesText(bytes)),
    ...figureCells(figures),
  );
}

function figureCells(figures: TensorStatistics | UnreadStatistics | undefined): HTMLElement[] {
  if (figures === undefined) return columns.slice(4).map(({ kind }) => cell(kind, ''));
  if ('problem' in figures) return [cell('unread quiet', `not read: ${figures.problem}`, figures.problem)];
  const { finite, sampled, elements, notANumber, infinite } = figures;
  const isSample = sampled < elements;
  const hint = isSample ? `of ${countText(sampled)} of ${countText(elements)} values` : undefined;
  const number = (value: number | undefined) =>
    value === undefined
      ? cell('figure quiet', '–')
      : cell('figure', `${isSample ? '≈ ' : ''}${plain(value)}`, hint ?? String(value));
  const bad = notANumber + infinite;
  return [
    html('span', { role: 'cell', class: 'picture' }, finite && bars(finite.histogram)),
    number(finite?.norm),
    number(finite?.min),
    number(finite?.max),
    number(finite?.mean),
    bad === 0
      ? cell('figure quiet', isSample ? '≈ 0' : '0', hint)
      : cell('figure bad', nonFiniteText(notANumber, infinite), hint),
  ];
}

function nonFiniteText(notANumber: number, infinite: number): string {
  const parts = [
    notANumber > 0 ? `${countText(notANumber)} NaN` : '',
    infinite > 0 ? `${countText(infinite)} inf` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function cell(kind: string, text: string, hint?: string): HTMLElement {
  return html('span', { role: 'cell', class: kind, title: hint }, text);
}

const [width, height] = [80, 18];

/** Decoration: what can be read off it stands beside it in numbers. */
function bars({ counts, from, to }: Histogram): SVGElement {
  const most = Math.max(...counts);
  // Of equal values, one thin bar in the middle.
  const shown = from === to ? Array.from({ length: 21 }, (_, i) => (i === 10 ? most : 0)) : counts;
  const step = width / shown.length;
  return svg(
    'svg',
    { class: 'histogram', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    svg('title', {}, `${plain(from)} to ${plain(to)}`),
    ...shown.map((count, i) => {
      // Few values among many stay visible.
      const size = count === 0 ? 0 : Math.max(1, (count / most) * height);
      return svg('rect', { x: i * step, y: height - size, width: Math.max(1, step - 0.5), height: size });
    }),
  );
}
