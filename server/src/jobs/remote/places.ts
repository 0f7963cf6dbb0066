import path from 'node:path';

/**
 * How a job that travels names its files: a folder by its number and what it is for, a file by its path in it. Whoever
 * asks and whoever does the job each know where their folders lie.
 */
export type FolderUse = 'in' | 'out';

/** @param name path below the folder, with `/` between names; empty for the folder itself */
export function placeOf(use: FolderUse, folder: number, name = ''): string {
  return `graphnad-${use}-${folder}:${name === '' ? '' : `/${name}`}`;
}

/** Takes a place apart; undefined for any other text, also one that would lead out of its folder. */
export function parsePlace(place: string): { use: FolderUse; folder: number; name: string } | undefined {
  const found = /^graphnad-(in|out)-(\d{1,4}):(?:\/(.+))?$/s.exec(place);
  if (!found) return undefined;
  const [, use, folder, name = ''] = found;
  return name === '' || isInside(name) ? { use: use as FolderUse, folder: Number(folder), name } : undefined;
}

/** Whether a path with `/` between names leads into a folder and not out of it, on any system. */
export function isInside(name: string): boolean {
  const names = name.split('/');
  return name.length <= 4096 && names.every((one) => one !== '' && !/^\.\.?$|[\\:\u0000-\u001f]/.test(one));
}

/** Where a folder lies, and what it is called in a message. */
export interface Placed {
  /** Absolute path. */
  readonly folder: string;
  readonly place: string;
}

/** Replaces paths in all texts of plain data by places. */
export function toPlaces<T>(value: T, folders: readonly Placed[]): T {
  // The longest first: a folder may lie in another.
  const order = [...folders].sort((a, b) => b.folder.length - a.folder.length);
  return mapTexts(value, (text) =>
    order.reduce((sum, { folder, place }) => {
      if (!sum.includes(folder)) return sum;
      return sum.replace(mention(folder), (_, tail: string) => place + tail.replaceAll(path.sep, '/'));
    }, text),
  );
}

/** Replaces places in all texts of plain data by paths. */
export function fromPlaces<T>(value: T, folders: readonly Placed[]): T {
  const known = new Map(folders.map(({ place, folder }) => [place, folder]));
  return mapTexts(value, (text) =>
    text.replace(/(graphnad-(?:in|out)-\d{1,4}:)(\/[^\s"'`<>|*?]*)?/g, (all, place: string, tail = '') => {
      const folder = known.get(place);
      return folder === undefined ? all : folder + (tail as string).replaceAll('/', path.sep);
    }),
  );
}

/** A folder's path where it is mentioned as a whole, and what follows it of the path. */
function mention(folder: string): RegExp {
  const literal = folder.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${literal}(?![\\w.-])((?:[\\\\/][^\\s"'\`<>|*?]*)?)`, 'g');
}

function mapTexts<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') return map(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, map)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item as unknown, map)])) as T;
}
