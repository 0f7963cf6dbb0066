import { stat } from 'node:fs/promises';
import path from 'node:path';
import { manifestName } from '../../../protocol/manifest';
import { isSkippedFolder, walk } from '../jobs/findModels';
import { modelOf } from '../jobs/modelFiles';
import { globMatcher } from '../jobs/glob';
import { datasetVersion, isDataPart, modelVersion, type FileVersion } from './fileVersions';

/** Hears of what appears, changes and goes in the workspace. */
export interface IndexListener {
  modelChanged(file: string, version: FileVersion): void;
  modelRemoved(file: string): void;
  /** A data set appeared, changed or went. */
  dataChanged(folder: string): void;
  /** Not everything was looked at: in words. */
  limitReached(message: string): void;
}

export interface IndexLimits {
  /** Model files in one workspace folder. */
  readonly models: number;
  /** Files of any kind in one workspace folder. */
  readonly files: number;
}

const defaultLimits: IndexLimits = { models: 2000, files: 500_000 };

/** The model files and data sets of the workspace folders, by path. Kept up to date by `refresh`. */
export class WorkspaceIndex {
  private roots: readonly string[] = [];
  private readonly models = new Map<string, FileVersion>();
  private readonly datasets = new Map<string, string>();
  private readonly manifestFiles = new Set<string>();
  private excluded: ReadonlyMap<string, (relativePath: string) => boolean> = new Map();
  /** One change of the index after the other. */
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly listener: IndexListener,
    private readonly limits: IndexLimits = defaultLimits,
  ) {}

  get modelFiles(): readonly string[] {
    return [...this.models.keys()];
  }

  /** Folders that hold a TU data set, with an id that differs when it was changed. */
  get dataFolders(): ReadonlyMap<string, string> {
    return this.datasets;
  }

  /** Files named `graphnad.json`. */
  get manifests(): readonly string[] {
    return [...this.manifestFiles];
  }

  /** Resolves when all that the index was told to look at was looked at. */
  async searched(): Promise<void> {
    let known;
    do {
      known = this.work;
      await known;
    } while (known !== this.work);
  }

  /** The innermost workspace folder a file lies in. */
  rootOf(file: string): string | undefined {
    return this.roots.filter((root) => isInside(file, root)).sort((a, b) => b.length - a.length)[0];
  }

  /** Number of workspace folders. */
  get rootCount(): number {
    return this.roots.length;
  }

  version(file: string): FileVersion | undefined {
    return this.models.get(file);
  }

  /**
   * Searches these folders, and forgets what lies in none of them or is excluded now.
   *
   * @param exclude globs of each folder, relative to it
   */
  setFolders(roots: readonly string[], exclude: (root: string) => readonly string[]): Promise<void> {
    return this.then(async () => {
      this.roots = roots;
      this.excluded = new Map(roots.map((root) => [root, globMatcher(exclude(root))]));
      for (const file of this.models.keys()) if (this.isOutside(file)) this.removeModel(file);
      for (const folder of this.datasets.keys()) if (this.isOutside(folder)) this.removeData(folder);
      this.manifestFiles.clear();
      for (const root of roots) await this.search(root);
    });
  }

  /** Looks again at files and folders that may have appeared, changed or gone. */
  refresh(paths: readonly string[]): Promise<void> {
    return this.then(async () => {
      const folders = new Set<string>();
      for (const changed of paths) {
        if (this.isOutside(changed)) continue;
        if (isDataPart(changed)) folders.add(path.dirname(changed));
        else await this.look(changed);
      }
      for (const folder of folders) await this.lookForData(folder);
    });
  }

  private then(change: () => Promise<void>): Promise<void> {
    const done = this.work.then(change);
    this.work = done.catch(() => undefined); // the caller hears of it
    return done;
  }

  private isOutside(file: string): boolean {
    const root = this.rootOf(file);
    if (root === undefined) return true;
    const relative = path.relative(root, file).split(path.sep);
    return relative.some(isSkippedFolder) || this.excluded.get(root)?.(relative.join('/')) === true;
  }

  private async look(changed: string): Promise<void> {
    for (const file of this.manifestFiles) if (isInside(file, changed)) this.manifestFiles.delete(file);
    if (isManifest(changed) && (await isFile(changed))) this.manifestFiles.add(changed);
    const version = await modelVersion(changed);
    if (version) return this.addModel(changed, version);
    this.removeModel(changed);
    const whole = await modelOf(changed);
    if (whole !== undefined && !this.isOutside(whole)) await this.look(whole);
    // A folder that came or went is often reported without what is in it.
    for (const file of this.models.keys()) if (isInside(file, changed)) await this.look(file);
    for (const folder of this.datasets.keys()) if (isInside(folder, changed)) await this.lookForData(folder);
    await this.search(changed);
  }

  private async search(folder: string): Promise<void> {
    let models = 0;
    let files = 0;
    const dataFolders = new Set<string>();
    for await (const file of walk(folder, (entry) => this.isOutside(entry))) {
      if (isDataPart(file)) dataFolders.add(path.dirname(file));
      if (isManifest(file)) this.manifestFiles.add(file);
      const version = await modelVersion(file);
      if (version) this.addModel(file, version);
      models += version ? 1 : 0;
      files++;
      if (models >= this.limits.models || files >= this.limits.files) {
        this.listener.limitReached(
          `${folder} was searched only in part: it holds ${this.limits.models} model files or ` +
            `${this.limits.files} files or more. The models that were not reached are not scanned.`,
        );
        break;
      }
    }
    for (const dataFolder of dataFolders) await this.lookForData(dataFolder);
  }

  private addModel(file: string, version: FileVersion): void {
    if (this.models.get(file)?.id === version.id) return;
    this.models.set(file, version);
    this.listener.modelChanged(file, version);
  }

  private removeModel(file: string): void {
    if (this.models.delete(file)) this.listener.modelRemoved(file);
  }

  private async lookForData(folder: string): Promise<void> {
    const version = await datasetVersion(folder);
    if (version === undefined) return this.removeData(folder);
    if (this.datasets.get(folder) === version) return;
    this.datasets.set(folder, version);
    this.listener.dataChanged(folder);
  }

  private removeData(folder: string): void {
    if (this.datasets.delete(folder)) this.listener.dataChanged(folder);
  }
}

/** As `isBelow`, for paths of which whole folders are spelled alike: it is asked for every file of the workspace. */
function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

function isManifest(file: string): boolean {
  return path.basename(file) === manifestName;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
