import path from 'node:path';
import type { ArchitectureOverride } from '../../../../protocol/manifest';
import type { ArchitectureSummary, TensorSummary } from '../../../../protocol/model';
import type { DataFit } from '../../jobs/fitData';
import { manifestPath, pathProblem, resolvePath } from '../../jobs/manifest/manifestPaths';
import { entryFinder } from '../../jobs/manifest/modelEntry';
import { isBelow } from '../../jobs/paths';
import type { ManifestView } from './manifestView';

/** What is known of a model file without running it. */
export interface ModelFacts {
  readonly architecture?: ArchitectureSummary;
  /** Why the architecture is not known: a clause without a full stop. */
  readonly failure?: string;
}

export interface LastScan {
  /** The verdict, such as `likely backdoored toward class 1`. */
  readonly text: string;
  /** When it was reached, as `2025-01-31T12:00:00.000Z`. */
  readonly reached?: string;
}

/** The files that a manifest speaks of, as the language features see them. Paths are absolute. */
export interface ManifestWorld {
  /** Model files of the workspace. */
  readonly models: readonly string[];
  /** Folders of the workspace that hold a data set. */
  readonly dataFolders: readonly string[];
  /** False where models and data sets are not read, and nothing can be said of them. */
  readonly looksIntoFiles: boolean;
  /** The workspace folder that the manifest must not point out of. */
  boundaryOf(file: string): string;
  kindOf(file: string): Promise<'file' | 'folder' | undefined>;
  /** Names in a folder, those of folders with a slash behind; none where it cannot be read. */
  namesIn(folder: string): Promise<readonly string[]>;
  /** @param architecture parts that the user vouches for */
  model(file: string, architecture?: ArchitectureOverride): Promise<ModelFacts>;
  /** The tensors in a model file, without their values; none where it cannot be read. */
  tensors(file: string): Promise<readonly TensorSummary[]>;
  /** Compares a data set with a model, where one is given. */
  data(folder: string, model?: Pick<ArchitectureSummary, 'inputs' | 'classes'>): Promise<DataFit>;
  /** The text of a small file. @throws an error with the reason */
  read(file: string): Promise<string>;
  /** What the last scan of a model came to; undefined where there was none. */
  lastScan(file: string): LastScan | undefined;
}

/**
 * The absolute path that a text of a manifest stands for; undefined for one that leads outside. Nothing is looked at
 * there: even asking whether a file exists can reach another machine.
 */
export function targetOf(
  text: string,
  { file }: Pick<ManifestView, 'file'>,
  world: Pick<ManifestWorld, 'boundaryOf'>,
): string | undefined {
  return pathProblem(text, file, world.boundaryOf(file)) === undefined ? resolvePath(text, file) : undefined;
}

/** Models of the workspace as the manifest writes their paths, those that it can name: in its folder or below. */
export function modelPaths({ models }: Pick<ManifestWorld, 'models'>, file: string): string[] {
  return pathsBelow(models, file);
}

/** Absolute paths in the folder of the manifest or below, as it writes them. */
export function pathsBelow(targets: readonly string[], file: string): string[] {
  return targets
    .filter((target) => isBelow(target, path.dirname(file)))
    .map((target) => manifestPath(target, file))
    .sort();
}

/** The models that each entry counts for, as the manifest writes their paths; in the order of the entries. */
export function modelsByEntry({ entries, file }: ManifestView, world: Pick<ManifestWorld, 'models'>): string[][] {
  const find = entryFinder(entries.map(({ text }) => text));
  const found = entries.map((): string[] => []);
  for (const model of modelPaths(world, file)) {
    const index = find(model);
    if (index !== undefined) found[index].push(model);
  }
  return found;
}
