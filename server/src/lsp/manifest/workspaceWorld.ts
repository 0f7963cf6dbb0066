import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchitectureOverride } from '../../../../protocol/manifest';
import type { ArchitectureSummary, TensorSummary } from '../../../../protocol/model';
import type { DataFit } from '../../jobs/fitData';
import { readSmall } from '../../jobs/manifest/modelSettings';
import type { DataDiscovery } from '../dataDiscovery';
import { modelVersion } from '../fileVersions';
import { runJob } from '../../jobs/workerTasks';
import { repeatJob, type JobTools } from '../jobs';
import type { ScanService } from '../scanService';
import type { WorkspaceTrust } from '../trust';
import type { WorkspaceIndex } from '../workspaceIndex';
import { Remembered } from './remembered';
import type { LastScan, ManifestWorld, ModelFacts } from './world';

export interface WorldTools extends JobTools {
  readonly index: WorkspaceIndex;
  readonly discovery: DataDiscovery;
  readonly scans: ScanService;
  readonly trust: WorkspaceTrust;
}

/** Why models and data sets of a workspace are not looked into. */
const notTrusted = 'this workspace is not trusted';

/** So many models are remembered, ... */
const mostFacts = 5000;
/** ... and the lists of tensors, which can be long, of so many. */
const mostTensorLists = 20;

/**
 * The workspace as the manifest's features see it: its index and, for what takes reading a file, workers. In a workspace
 * that is not trusted no models and data sets are read for a manifest.
 */
export class WorkspaceWorld implements ManifestWorld {
  /** By file, its version and what the user vouches for. */
  private readonly facts = new Remembered<ModelFacts>(mostFacts);
  /** By file and its version. */
  private readonly tensorLists = new Remembered<readonly TensorSummary[]>(mostTensorLists);

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

  async model(file: string, architecture?: ArchitectureOverride): Promise<ModelFacts> {
    if (!this.looksIntoFiles) return { failure: notTrusted };
    const version = await this.versionOf(file);
    if (version === undefined) return { failure: 'there is no such file' };
    return this.facts
      .get(JSON.stringify([file, version, architecture]), () => this.look(file, architecture))
      .catch((error: Error) => ({ failure: error.message }));
  }

  async tensors(file: string): Promise<readonly TensorSummary[]> {
    const version = this.looksIntoFiles ? await this.versionOf(file) : undefined;
    if (version === undefined) return [];
    const list = async (): Promise<readonly TensorSummary[]> => {
      const { tensors } = await runJob(this.tools.executor, { kind: 'inspect', model: file }, { priority: 'lookup' });
      return tensors;
    };
    return this.tensorLists.get(JSON.stringify([file, version]), list).catch(() => []);
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

  private async versionOf(file: string): Promise<string | undefined> {
    return (this.tools.index.version(file) ?? (await modelVersion(file)))?.id;
  }

  private async look(model: string, vouched: ArchitectureOverride | undefined): Promise<ModelFacts> {
    const task = { kind: 'scan', model, architecture: vouched } as const;
    const { architecture, backdoor } = await repeatJob(this.tools, task, { priority: 'lookup' });
    if (architecture) return { architecture };
    return { failure: backdoor.kind === 'not-assessed' ? backdoor.reason : 'its architecture is not known' };
  }
}
