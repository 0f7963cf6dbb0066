import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import {
  ConvertRequest,
  HashModelRequest,
  InspectModelRequest,
  ModelKnowledgeRequest,
  TensorStatisticsRequest,
  type ConvertReport,
  type ModelKnowledge,
} from '../../../protocol/inspector';
import type { Finding } from '../../../protocol/findings';
import type { ScanReport } from '../../../protocol/reports';
import type { JobExecutor } from '../jobs/executor';
import { runJob } from '../jobs/workerTasks';
import { removePartials } from '../jobs/writeWhole';
import { architectureText } from '../report/architectureText';
import { verdictInWords } from '../report/modelVerdict';
import { answer } from './answer';
import { assumedIn } from './assumedIn';
import { abortSignal } from './cancellation';
import { toPath } from './fileUri';
import type { Publisher } from './publisher';
import type { ScanService } from './scanService';
import type { Status } from './status';
import type { WorkspaceTrust } from './trust';
import { showWork } from './workDone';

interface InspectorTools {
  readonly connection: Connection;
  readonly executor: JobExecutor;
  readonly status: Status;
  readonly trust: WorkspaceTrust;
  readonly scans: ScanService;
  readonly publisher: Publisher;
}

/** Answers the custom requests of `protocol/inspector.ts`. Model files are read in workers alone. */
export function answerInspector(tools: InspectorTools): void {
  const { connection, executor } = tools;
  answer<InspectModelRequest.Params, InspectModelRequest.Result>(
    connection,
    InspectModelRequest.method,
    // As short as a look at the code alone.
    ({ uri }, token) =>
      runJob(
        executor,
        { kind: 'inspect', model: toPath(uri) },
        { priority: 'code-safety', signal: abortSignal(token) },
      ),
  );
  answer<TensorStatisticsRequest.Params, TensorStatisticsRequest.Result>(
    connection,
    TensorStatisticsRequest.method,
    ({ uri, version, names }, token) =>
      runJob(
        executor,
        { kind: 'tensor-statistics', model: toPath(uri), version, names },
        { priority: 'code-safety', signal: abortSignal(token) },
      ),
  );
  answer<HashModelRequest.Params, HashModelRequest.Result>(
    connection,
    HashModelRequest.method,
    async ({ uri }, token) => ({
      sha256: await runJob(
        executor,
        { kind: 'hash', model: toPath(uri) },
        { priority: 'lookup', signal: abortSignal(token) },
      ),
    }),
  );
  answer<ModelKnowledgeRequest.Params, ModelKnowledgeRequest.Result>(
    connection,
    ModelKnowledgeRequest.method,
    ({ uri }) => knowledge(tools, toPath(uri)),
  );
  answer<ConvertRequest.Params, ConvertRequest.Result>(connection, ConvertRequest.method, (params, token) =>
    convert(tools, params, token),
  );
}

function knowledge({ scans, publisher }: InspectorTools, file: string): ModelKnowledge {
  const report = scans.report(file);
  const findings = publisher.findings(file) ?? [];
  const entry = scans.entry(file) ?? knowledgeOutside(findings, report);
  const { verdict, text, reached, activity } = entry;
  return {
    ...{ verdict, text, reached, activity },
    sha256: report?.sha256,
    recognised: report?.architecture && architectureText(report.architecture),
    architectureNotes: report?.architectureNotes ?? [],
    assumed: assumedIn(report),
    findings,
  };
}

/** Of a file that lies in no folder of the workspace. */
function knowledgeOutside(
  findings: readonly Finding[],
  report: ScanReport | undefined,
): Pick<ModelKnowledge, 'verdict' | 'text' | 'reached' | 'activity'> {
  if (report === undefined) return { verdict: 'not-scanned', text: 'not scanned' };
  return { ...verdictInWords(findings, report), reached: report.cached?.computed };
}

async function convert(
  tools: InspectorTools,
  { uri, outputUri, overwrite, workDoneToken }: ConvertRequest.Params,
  token: CancellationToken,
): Promise<ConvertReport> {
  tools.trust.require('Converting a model');
  const task = { kind: 'convert', model: toPath(uri), output: toPath(outputUri), overwrite } as const;
  return showWork(tools, `Converting ${path.basename(task.model)}`, workDoneToken, async (shown) => {
    try {
      const signal = abortSignal(token, shown.token);
      return await runJob(tools.executor, task, { priority: 'lookup', signal, progress: shown.report });
    } catch (error) {
      // A worker that was killed could not clear up after itself.
      await removePartials(task.output);
      throw error;
    }
  });
}
