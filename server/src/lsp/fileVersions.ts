import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isModelFile, isModelName, partsOf } from '../jobs/modelFiles';

/** A model as it lies on disk now. */
export interface FileVersion {
  /** Of all of its files. */
  readonly bytes: number;
  /** Differs when one of them was changed or replaced. */
  readonly id: string;
}

/**
 * Looks at a file that may be a model; see `isModelFile`.
 *
 * @returns undefined where it is no model file, or is not there (any more)
 */
export async function modelVersion(file: string): Promise<FileVersion | undefined> {
  if (!isModelName(file)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || !(await isModelFile(file))) return undefined;
  const versions = [versionOf(found)];
  let bytes = found.size;
  for (const name of await partsOf(file)) {
    const part = await stat(path.join(path.dirname(file), name)).catch(() => undefined);
    bytes += part?.size ?? 0;
    versions.push(part === undefined ? '' : versionOf(part));
  }
  return { bytes, id: versions.join() };
}

function versionOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  // The time of the last status change cannot be set back, unlike that of the last modification.
  return [size, mtimeMs, ctimeMs, ino].join(':');
}

/** File names of a TU data set `NAME` that must be there. */
const requiredParts = ['_A.txt', '_graph_indicator.txt', '_graph_labels.txt'] as const;
const dataPart = /_(A|graph_indicator|graph_labels|node_labels|node_attributes|edge_labels|edge_attributes)\.txt$/;
const ogbPart = /^(edge|edge-feat|graph-label|node-feat|num-edge-list|num-node-list)\.csv\.gz$/;
const requiredOgbParts = ['edge.csv.gz', 'graph-label.csv.gz', 'num-edge-list.csv.gz', 'num-node-list.csv.gz'];

/** Whether a file is named like one of a data set, in TU format or as OGB keeps it. */
export function isDataPart(file: string): boolean {
  return dataPart.test(file) || ogbPart.test(path.basename(file));
}

/**
 * Looks at a folder that may hold a data set.
 *
 * @returns an id that differs when one of its files was changed; undefined where it holds no data set
 */
export async function datasetVersion(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const isOgb = requiredOgbParts.every((part) => names.includes(part));
  if (!isOgb && !names.some((name) => isWhole(name, names))) return undefined;
  const versions = await Promise.all(
    names
      .filter(isDataPart)
      .sort()
      .map(async (name) => {
        const found = await stat(path.join(folder, name)).catch(() => undefined);
        return [name, found?.size, found?.mtimeMs, found?.ctimeMs].join(':');
      }),
  );
  return versions.join();
}

/** @param first file name that may be the first part of a data set */
function isWhole(first: string, names: readonly string[]): boolean {
  const [suffix] = requiredParts;
  return first.endsWith(suffix) && requiredParts.every((part) => names.includes(first.slice(0, -suffix.length) + part));
}
