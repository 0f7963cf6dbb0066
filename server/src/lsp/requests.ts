import { ErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';
import { manifestName } from '../../../protocol/manifest';
import { PurifyMarkdownRequest } from '../../../protocol/panel';
import {
  CheckBackendRequest,
  DataCandidatesRequest,
  PurifyRequest,
  ReportRequest,
  ReportTextRequest,
  ScanRequest,
  type DataCandidate,
} from '../../../protocol/requests';
import { PurifySeedsRequest } from '../../../protocol/seeds';
import type { BackendInUse } from '../jobs/checkBackend';
import { backendChoices } from '../jobs/tasks';
import { runJob } from '../jobs/workerTasks';
import { purifyMarkdown } from '../report/purifyMarkdown';
import { answer } from './answer';
import { answerAttention, type AttentionTools } from './attention';
import { abortSignal } from './cancellation';
import type { DataDiscovery } from './dataDiscovery';
import { toPath, toUri } from './fileUri';
import { answerInspector } from './inspector';
import { repeatJob, type JobTools } from './jobs';
import type { Publisher } from './publisher';
import { purify, type PurifyTools } from './purifyService';
import { purifyWithSeeds } from './seedRuns';

export interface RequestTools extends PurifyTools, JobTools, AttentionTools {
  readonly publisher: Publisher;
  readonly discovery: DataDiscovery;
}

/** Answers all custom requests. */
export function answerRequests(tools: RequestTools): void {
  const { connection, scans, publisher } = tools;
  answer<ScanRequest.Params, ScanRequest.Result>(connection, ScanRequest.method, (params, token) =>
    scans.scan(params, token),
  );
  answer<PurifyRequest.Params, PurifyRequest.Result>(connection, PurifyRequest.method, (params, token) =>
    purify(tools, params, token),
  );
  answer<PurifySeedsRequest.Params, PurifySeedsRequest.Result>(connection, PurifySeedsRequest.method, (params, token) =>
    purifyWithSeeds(tools, params, token),
  );
  answer<PurifyMarkdownRequest.Params, PurifyMarkdownRequest.Result>(
    connection,
    PurifyMarkdownRequest.method,
    ({ report, seeds }) => purifyMarkdown(report, seeds),
  );
  answer<DataCandidatesRequest.Params, DataCandidatesRequest.Result>(
    connection,
    DataCandidatesRequest.method,
    ({ uri }, token) => dataCandidates(tools, toPath(uri), token),
  );
  answer<CheckBackendRequest.Params, CheckBackendRequest.Result>(
    connection,
    CheckBackendRequest.method,
    ({ backend }, token) => checkBackend(tools, backend, token),
  );
  answer<ReportRequest.Params, ReportRequest.Result>(
    connection,
    ReportRequest.method,
    ({ uri }) => scans.report(toPath(uri)) ?? null,
  );
  answer<ReportTextRequest.Params, ReportTextRequest.Result>(
    connection,
    ReportTextRequest.method,
    ({ uri }) => publisher.reportText(toPath(uri)) ?? null,
  );
  answerInspector(tools);
  answerAttention(tools);
}

function checkBackend({ executor }: RequestTools, name: string, token: CancellationToken): Promise<BackendInUse> {
  const backend = backendChoices.find((choice) => choice === name);
  if (backend === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `there is no backend "${name}"`);
  return runJob(executor, { kind: 'check-backend', backend }, { priority: 'lookup', signal: abortSignal(token) });
}

async function dataCandidates(tools: RequestTools, model: string, token: CancellationToken): Promise<DataCandidate[]> {
  const { scans, discovery, manifests, trust } = tools;
  trust.require('Reading data sets');
  const { settings } = await manifests.forScan(model);
  const known = scans.report(model);
  const { architecture, backdoor } = known?.architecture
    ? known
    : await repeatJob(
        tools,
        { kind: 'scan', model, architecture: settings?.architecture },
        { priority: 'code-safety', signal: abortSignal(token) },
      );
  const named = settings?.data?.folder;
  const others = (await discovery.rank(model, architecture)).filter(({ folder }) => folder !== named);
  const first = named === undefined ? [] : [{ folder: named, ...(await discovery.compare(named, architecture)) }];
  return [...first, ...others].map(({ folder, name, graphs, fitting, reason }) => ({
    ...(folder === named ? { namedBy: manifestName } : {}),
    uri: toUri(folder),
    name,
    graphs,
    fitting,
    reason: architecture === undefined && backdoor.kind === 'not-assessed' ? backdoor.reason : reason,
  }));
}
