import { stat } from 'node:fs/promises';
import path from 'node:path';
import { manifestName, type Manifest } from '../../../../protocol/manifest';
import { findModelSettings, loadManifest, type ModelSettings } from '../../jobs/manifest/modelSettings';
import { ManifestError } from '../../jobs/manifest/readManifest';
import type { WorkspaceTrust } from '../trust';
import type { WorkspaceIndex } from '../workspaceIndex';

/** What a scan goes by. */
export interface ManifestForScan {
  readonly settings?: ModelSettings;
  /** Why the manifest of the model cannot be used: a clause without a full stop. */
  readonly failure?: string;
  /** Differs where a scan has to be done again. */
  readonly key: string;
}

/** The manifests of the workspace folders, as they are on disk. */
export class Manifests {
  private readonly read = new Map<string, { readonly version: string; readonly manifest: Promise<Manifest> }>();

  /** Lists of ids that manifests name. */
  private readonly idFiles = new Set<string>();
  /** Models whose manifest cannot be used. */
  private readonly failing = new Set<string>();

  constructor(
    private readonly tools: { readonly index: Pick<WorkspaceIndex, 'rootOf'>; readonly trust: WorkspaceTrust },
  ) {}

  /**
   * What the nearest manifest in the workspace folder of a model says of it.
   *
   * @returns undefined where there is none, and for models outside of the workspace
   * @throws ManifestError
   */
  async settingsFor(model: string): Promise<ModelSettings | undefined> {
    const boundary = this.tools.index.rootOf(model);
    if (boundary === undefined) return undefined;
    const trusted = this.tools.trust.granted;
    return findModelSettings(model, { boundary, paths: boundary, trusted, read: (file) => this.load(file) });
  }

  /** The same for a scan, which is done as far as it can be, whatever is wrong with the manifest. */
  async forScan(model: string): Promise<ManifestForScan> {
    try {
      const settings = await this.settingsFor(model);
      this.failing.delete(model);
      Object.values(settings?.data?.idFiles ?? {}).forEach((file) => file && this.idFiles.add(file));
      const { manifest, data, architecture, classNames, severities, seed } = settings ?? {};
      return { settings, key: JSON.stringify([manifest, data, architecture, classNames, severities, seed]) };
    } catch (error) {
      this.failing.add(model);
      const failure = error instanceof ManifestError ? error.message : `${manifestName} was not read: ${String(error)}`;
      return { failure, key: failure };
    }
  }

  /** Whether what manifests say may be different after a file came, went or changed. */
  concerns(file: string): boolean {
    if (path.basename(file) === manifestName) return true;
    return file.endsWith('.json') && (this.idFiles.has(file) || this.failing.size > 0);
  }

  private async load(file: string): Promise<Manifest> {
    const found = await stat(file).catch(() => undefined);
    const version = [found?.size, found?.mtimeMs, found?.ctimeMs, found?.ino].join(':');
    const known = this.read.get(file);
    if (known?.version === version) return known.manifest;
    const manifest = loadManifest(file);
    this.read.set(file, { version, manifest });
    return manifest;
  }
}
