import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchitectureSummary } from '../../../../protocol/model';
import type { DataFit } from '../../jobs/fitData';
import { readSmall } from '../../jobs/manifest/modelSettings';
import type { DataDiscovery } from '../dataDiscovery';
import { modelVersion } from '../fileVersions';
import { repeatJob, type JobTools } from '../jobs';
import type { ScanService } from '../scanService';
import type { WorkspaceTrust } from '../trust';
import type { WorkspaceIndex } from '../workspaceIndex';
import type { LastScan, ManifestWorld, ModelFacts } from './world';

export interface WorldTools extends JobTools {
  readonly index: WorkspaceIndex;
  readonly discovery: DataDiscovery;
  readonly scans: ScanService;
  readonly trust: WorkspaceTrust;
}

/** Why models and data sets of a workspace are not looked into. */
const notTrusted = 'this workspace is not trusted';

/** So many models are remembered. */
const mostFacts = 5000;

/**
 * The workspace as the manifest's features see it: its index and, for what takes reading a file, workers. In a workspace
 * that is not trusted no models and data sets are read for a manifest.
 */
export class WorkspaceWorld implements ManifestWorld {
  /** By file, its version and what the user vouches for. */
  private readonly facts = new Map<string, Promise<ModelFacts>>();

  constructor(private readonly tools: WorldTools) {}

  get models(): readonly string[] {
    return this.tools.index.modelFiles;
  }

  get dataFolders(): readonly string[] {
    return [...this.tools.index.dataFolders.keys()];
  }

  get looksIntoFiles(): boolean {
    return this.tools.trust.granted;
  }

  boundaryOf(file: string): string {
    return this.tools.index.rootOf(file) ?? path.dirname(file);
  }

  async kindOf(file: string): Promise<'file' | 'folder' | undefined> {
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) return 'folder';
    return found?.isFile() ? 'file' : undefined;
  }

  async namesIn(folder: string): Promise<readonly string[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  }

  async model(file: string, architecture?: Partial<ArchitectureSummary>): Promise<ModelFacts> {
    if (!this.looksIntoFiles) return { failure: notTrusted };
    const version = this.tools.index.version(file) ?? (await modelVersion(file));
    if (version === undefined) return { failure: 'there is no such file' };
    const key = JSON.stringify([file, version.id, architecture]);
    const known = this.facts.get(key) ?? this.look(file, architecture);
    this.facts.delete(key); // at the end of those that are forgotten
    this.facts.set(key, known);
    known.catch(() => this.facts.delete(key)); // the next to ask tries again
    if (this.facts.size > mostFacts) this.facts.delete([...this.facts.keys()][0]);
    return known.catch((error: Error) => ({ failure: error.message }));
  }

  async data(folder: string, model?: Pick<ArchitectureSummary, 'inputs' | 'classes'>): Promise<DataFit> {
    if (!this.looksIntoFiles) return { name: path.basename(folder), graphs: 0, fitting: [], reason: notTrusted };
    return this.tools.discovery.compare(folder, model);
  }

  read(file: string): Promise<string> {
    return readSmall(file, (reason) => new Error(reason));
  }

  lastScan(file: string): LastScan | undefined {
    const entry = this.tools.scans.entry(file);
    return entry === undefined || entry.verdict === 'not-scanned' ? undefined : entry;
  }

  private async look(model: string, vouched: Partial<ArchitectureSummary> | undefined): Promise<ModelFacts> {
    const task = { kind: 'scan', model, architecture: vouched } as const;
    const { architecture, backdoor } = await repeatJob(this.tools, task, { priority: 'lookup' });
    if (architecture) return { architecture };
    return { failure: backdoor.kind === 'not-assessed' ? backdoor.reason : 'its architecture is not known' };
  }
}
