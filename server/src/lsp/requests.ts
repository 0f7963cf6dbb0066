import {
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
} from 'vscode-languageserver';
import {
  CheckBackendRequest,
  DataCandidatesRequest,
  PurifyRequest,
  ReportRequest,
  ReportTextRequest,
  ScanRequest,
  type DataCandidate,
} from '../../../protocol/requests';
import type { BackendInUse } from '../jobs/checkBackend';
import { backendChoices } from '../jobs/tasks';
import { runJob } from '../jobs/workerTasks';
import { abortSignal } from './cancellation';
import type { DataDiscovery } from './dataDiscovery';
import { logText, toResponseError } from './errors';
import { toPath, toUri } from './fileUri';
import { repeatJob, type JobTools } from './jobs';
import type { Publisher } from './publisher';
import { purify, type PurifyTools } from './purifyService';

export interface RequestTools extends PurifyTools, JobTools {
  readonly publisher: Publisher;
  readonly discovery: DataDiscovery;
}

/** Answers the custom requests of `protocol/requests.ts`. */
export function answerRequests(tools: RequestTools): void {
  const { connection, scans, publisher } = tools;
  answer<ScanRequest.Params, ScanRequest.Result>(connection, ScanRequest.method, (params, token) =>
    scans.scan(params, token),
  );
  answer<PurifyRequest.Params, PurifyRequest.Result>(connection, PurifyRequest.method, (params, token) =>
    purify(tools, params, token),
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
}

function answer<Params, Result>(
  connection: Connection,
  method: string,
  handler: (params: Params, token: CancellationToken) => Result | Promise<Result>,
): void {
  connection.onRequest(method, async (params: Params, token: CancellationToken) => {
    try {
      return await handler(params, token);
    } catch (error) {
      const answer = toResponseError(error);
      if (answer.code !== LSPErrorCodes.RequestCancelled) connection.console.error(`${method}: ${logText(error)}`);
      throw answer;
    }
  });
}

function checkBackend({ pool }: RequestTools, name: string, token: CancellationToken): Promise<BackendInUse> {
  const backend = backendChoices.find((choice) => choice === name);
  if (backend === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `there is no backend "${name}"`);
  return runJob(pool, { kind: 'check-backend', backend }, { priority: 'lookup', signal: abortSignal(token) });
}

async function dataCandidates(tools: RequestTools, model: string, token: CancellationToken): Promise<DataCandidate[]> {
  const { scans, discovery } = tools;
  const known = scans.report(model);
  const { architecture, backdoor } = known?.architecture
    ? known
    : await repeatJob(tools, { kind: 'scan', model }, { priority: 'code-safety', signal: abortSignal(token) });
  const ranked = await discovery.rank(model, architecture);
  return ranked.map(({ folder, name, graphs, fitting, reason }) => ({
    uri: toUri(folder),
    name,
    graphs,
    fitting,
    reason: architecture === undefined && backdoor.kind === 'not-assessed' ? backdoor.reason : reason,
  }));
}
