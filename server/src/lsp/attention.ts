import path from 'node:path';
import type { Connection } from 'vscode-languageserver';
import { AttentionRequest } from '../../../protocol/attention';
import type { ScanReport } from '../../../protocol/reports';
import { chooseGraph } from '../jobs/attentionGraph';
import type { AttentionResult, AttentionTask } from '../jobs/attentionTask';
import type { FoundEarlier } from '../jobs/attentionTriggers';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import type { JobExecutor } from '../jobs/executor';
import { runJob } from '../jobs/workerTasks';
import { attentionText } from '../report/attentionText';
import { answer } from './answer';
import { chosenData, type ChosenData } from './assessModel';
import { abortSignal } from './cancellation';
import { toPath } from './fileUri';
import { datasetVersion, modelVersion } from './fileVersions';
import type { Manifests } from './manifest/manifests';
import { nameInWorkspace } from './names';
import type { ScanService } from './scanService';
import type { SettingsStore } from './settings';
import { SharedResults } from './sharedResults';
import type { Status } from './status';
import type { WorkspaceTrust } from './trust';
import { showWork } from './workDone';
import type { WorkspaceIndex } from './workspaceIndex';

export interface AttentionTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly executor: JobExecutor;
  readonly status: Status;
  readonly scans: ScanService;
  readonly trust: WorkspaceTrust;
  readonly index: WorkspaceIndex;
  readonly manifests: Manifests;
}

/** Comparisons kept for stepping through their graphs; each is at most a few megabytes. */
const keptComparisons = 4;

/** Answers `graphnad/attention`. A comparison is computed in a worker, once as long as its files stay the same. */
export function answerAttention(tools: AttentionTools): void {
  const comparisons = new SharedResults<AttentionResult>(keptComparisons);
  answer<AttentionRequest.Params, AttentionRequest.Result>(
    tools.connection,
    AttentionRequest.method,
    async (params, token) => {
      tools.trust.require('Comparing attention');
      const task = await attentionTask(tools, params);
      // Not by the trigger: a scan that ends meanwhile must not change what is being stepped through.
      const key = JSON.stringify([{ ...task, found: undefined }, await versions(task)]);
      const signal = abortSignal(token);
      const result = await comparisons.get(key, (work) => compare(tools, task, params, work), signal);
      const graph = chooseGraph(result, params);
      const { overview } = result;
      return {
        overview,
        graph,
        text: attentionText(overview, graph, { nameOf: (file) => nameInWorkspace(tools.index, file) }),
      };
    },
  );
}

/**
 * What a comparison is, given what is known of the model before. What the request leaves open is taken from the manifest
 * of that model, then from its scan and the settings.
 */
async function attentionTask(
  { settings, scans, manifests }: AttentionTools,
  params: AttentionRequest.Params,
): Promise<AttentionTask> {
  const { seed, backend } = await settings.get(params.beforeUri);
  const model = toPath(params.beforeUri);
  const manifest: Partial<ModelSettings> = (await manifests.settingsFor(model)) ?? {};
  const given: ChosenData = { data: toPath(params.dataUri), features: params.features };
  const { data, features, cleanIds } = chosenData(given, manifest.data) ?? given;
  const report = scans.report(model);
  const known = report?.settings.data === data ? report : undefined;
  return {
    kind: 'attention',
    model,
    ...(params.afterUri !== undefined && { after: toPath(params.afterUri) }),
    data,
    features: features ?? known?.settings.features,
    ...{ cleanIds, backend },
    seed: manifest.seed ?? seed,
    architecture: manifest.architecture,
    found: foundBy(known),
  };
}

function foundBy(report: ScanReport | undefined): FoundEarlier | undefined {
  const trigger = report?.backdoor.evidence?.trigger;
  const data = report?.settings.dataHash;
  if (report === undefined || trigger === undefined || data === undefined) return undefined;
  return { trigger, model: report.sha256, data };
}

/** Differs when one of the files was changed or replaced. */
async function versions({ model, after, data }: AttentionTask): Promise<unknown[]> {
  const models = [model, ...(after === undefined ? [] : [after])].map(async (file) => (await modelVersion(file))?.id);
  return Promise.all([...models, datasetVersion(data)]);
}

/** @param params of the one who asked first: progress is shown to that one */
async function compare(
  tools: AttentionTools,
  task: AttentionTask,
  { workDoneToken }: AttentionRequest.Params,
  signal: AbortSignal,
): Promise<AttentionResult> {
  return showWork(tools, `Comparing attention of ${path.basename(task.model)}`, workDoneToken, ({ report, token }) =>
    runJob(tools.executor, task, {
      priority: 'user',
      signal: AbortSignal.any([signal, abortSignal(token)]),
      progress: report,
    }),
  );
}
