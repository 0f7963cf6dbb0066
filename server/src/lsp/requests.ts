import type { CancellationToken, Connection } from 'vscode-languageserver';
import {
  DataCandidatesRequest,
  PurifyRequest,
  ReportRequest,
  ReportTextRequest,
  ScanRequest,
  type DataCandidate,
} from '../../../protocol/requests';
import { runJob } from '../jobs/workerTasks';
import { abortSignal } from './cancellation';
import type { DataDiscovery } from './dataDiscovery';
import { toResponseError } from './errors';
import { toPath, toUri } from './fileUri';
import type { Publisher } from './publisher';
import { purify, type PurifyTools } from './purifyService';

export interface RequestTools extends PurifyTools {
  readonly publisher: Publisher;
  readonly discovery: DataDiscovery;
}

/** Answers the custom requests of `protocol/requests.ts`. */
export function answerRequests(tools: RequestTools): void {
  const { connection, scans, publisher } = tools;
  answer(connection, ScanRequest.method, (params: ScanRequest.Params, token) => scans.scan(params, token));
  answer(connection, PurifyRequest.method, (params: PurifyRequest.Params, token) => purify(tools, params, token));
  answer(connection, DataCandidatesRequest.method, (params: DataCandidatesRequest.Params, token) =>
    dataCandidates(tools, toPath(params.uri), token),
  );
  answer(connection, ReportRequest.method, (params: ReportRequest.Params) => scans.report(toPath(params.uri)) ?? null);
  answer(
    connection,
    ReportTextRequest.method,
    (params: ReportTextRequest.Params) => publisher.reportText(toPath(params.uri)) ?? null,
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
      throw toResponseError(error);
    }
  });
}

async function dataCandidates(
  { pool, scans, discovery }: RequestTools,
  model: string,
  token: CancellationToken,
): Promise<DataCandidate[]> {
  const known = scans.report(model);
  const { architecture, backdoor } = known?.architecture
    ? known
    : await runJob(pool, { kind: 'scan', model }, { priority: 'user', signal: abortSignal(token) });
  const ranked = await discovery.rank(model, architecture);
  return ranked.map(({ folder, name, graphs, fitting, reason }) => ({
    uri: toUri(folder),
    name,
    graphs,
    fitting,
    reason: architecture === undefined && backdoor.kind === 'not-assessed' ? backdoor.reason : reason,
  }));
}
