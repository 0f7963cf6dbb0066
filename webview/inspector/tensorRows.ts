import type { InspectedTensor, ModelPart, TensorStatistics, UnreadStatistics } from '../../protocol/inspector';
import { elementsOf } from './numbers';

/** Columns by which rows can be sorted; those after `bytes` need figures. */
export const sortKeys = ['name', 'dtype', 'shape', 'bytes', 'norm', 'min', 'max', 'mean', 'nonFinite'] as const;
export type SortKey = (typeof sortKeys)[number];

/** How the table is looked at; kept over a reload. */
export interface TableSettings {
  readonly filter: string;
  /** Absent: the order of the file. */
  readonly sort?: { readonly key: SortKey; readonly descending: boolean };
  /** Title of the part whose tensors are shown alone. */
  readonly part?: string;
}

export function isTableSettings(value: unknown): value is TableSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { filter, sort, part } = value as Partial<TableSettings>;
  return (
    typeof filter === 'string' &&
    (sort === undefined || (sortKeys.includes(sort.key) && typeof sort.descending === 'boolean')) &&
    (part === undefined || typeof part === 'string')
  );
}

export type KnownStatistics = ReadonlyMap<string, TensorStatistics | UnreadStatistics>;

export function needsFigures(key: SortKey): boolean {
  return sortKeys.indexOf(key) > sortKeys.indexOf('bytes');
}

/** Whether a tensor is of a part of the model. */
export function belongsTo(name: string, { modules }: ModelPart): boolean {
  return modules.some((module) => name === module || name.startsWith(`${module}.`));
}

/** The tensors to show, in their order. Those without the figure that is sorted by come last. */
export function visibleTensors(
  tensors: readonly InspectedTensor[],
  parts: readonly ModelPart[],
  { filter, sort, part: title }: TableSettings,
  statistics: KnownStatistics,
): readonly InspectedTensor[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const part = parts.find((candidate) => candidate.title === title);
  const shown = tensors.filter((tensor) => {
    if (part !== undefined && !belongsTo(tensor.name, part)) return false;
    const text = `${tensor.name} ${tensor.dtype} ${shapeText(tensor.shape)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (sort === undefined) return shown;
  const keyed = shown.map((tensor) => ({ tensor, key: sortValue(tensor, sort.key, statistics) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined);
    if (typeof a.key === 'string' || typeof b.key === 'string') return sign * compare(String(a.key), String(b.key));
    return sign * (a.key - b.key);
  });
  return keyed.map(({ tensor }) => tensor);
}

/** `38 × 64`; nothing for a single number. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

/** `layer 10` after `layer 9`. */
const { compare } = new Intl.Collator('en', { numeric: true });

function sortValue(tensor: InspectedTensor, key: SortKey, statistics: KnownStatistics): number | string | undefined {
  switch (key) {
    case 'name':
    case 'dtype':
      return tensor[key];
    case 'shape':
      return elementsOf(tensor.shape);
    case 'bytes':
      return tensor.bytes;
    default: {
      const figures = statistics.get(tensor.name);
      if (figures === undefined || 'problem' in figures) return undefined;
      return key === 'nonFinite' ? figures.notANumber + figures.infinite : figures.finite?.[key];
    }
  }
}
