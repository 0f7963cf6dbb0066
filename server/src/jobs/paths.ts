import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Whether an absolute path is `folder` or below it, by its spelling. */
export function isBelow(target: string, folder: string): boolean {
  const relative = path.relative(folder, target);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Whether a place lies in one of the folders, or is one, links followed. It need not exist yet. */
export async function isWithin(place: string, folders: readonly string[]): Promise<boolean> {
  const real = await realPlace(place);
  for (const folder of folders) if (isBelow(real, await realPlace(folder))) return true;
  return false;
}

/** What a path leads to; where its end does not exist, that end below what the rest leads to. */
async function realPlace(place: string): Promise<string> {
  const parent = path.dirname(place);
  const found = await realpath(place).catch(() => undefined);
  if (found !== undefined || parent === place) return found ?? place;
  return path.join(await realPlace(parent), path.basename(place));
}
