import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';
import { plural } from '../../../protocol/numberText';
import type { JobProgress, PurifyReport } from '../../../protocol/reports';
import { JobProgressNotification } from '../../../protocol/requests';
import type { PurifySeedsRequest, SeedReport, SeedRun } from '../../../protocol/seeds';
import { spreadOverSeeds } from '../defense/seedSpread';
import { runJob } from '../jobs/workerTasks';
import { seedFindings } from '../scan/seedFindings';
import { abortSignal } from './cancellation';
import { purifyJob } from './purifyJob';
import type { PurifyTools } from './purifyService';
import { unheard } from './unheard';
import { showWork } from './workDone';

/** More seeds than this are a slip of the pen. */
const mostSeeds = 20;

/**
 * Purifies a model with further seeds, one after the other, into a temporary folder that is gone afterwards.
 *
 * @throws ResponseError for seeds that make no comparison, or where model or data are not those of the first run any
 *   more; otherwise as `purify`
 */
export async function purifyWithSeeds(
  tools: PurifyTools,
  params: PurifySeedsRequest.Params,
  token: CancellationToken,
): Promise<SeedReport> {
  const { connection, executor, trust } = tools;
  trust.require('Purifying a model');
  const { run, first, seeds } = params;
  requireSeeds(seeds, first.settings.seed);
  const task = await purifyJob(tools, { ...run, seed: first.settings.seed });

  const folder = await mkdtemp(path.join(tmpdir(), 'graphnad-seeds-'));
  const title = `Purifying ${path.basename(task.model)} with ${plural(seeds.length, 'more seed')}`;
  const runs = [seedRun(first)];
  try {
    await showWork(tools, title, params.workDoneToken, async (shown) => {
      for (const [done, seed] of seeds.entries()) {
        const progress = (step: JobProgress): void => {
          const value = overall(step, seed, done, seeds.length);
          shown.report(value);
          const notification: JobProgressNotification.Params = { jobId: params.jobId, progress: value };
          unheard(connection.sendNotification(JobProgressNotification.method, notification));
        };
        const report = await runJob(
          executor,
          { ...task, output: path.join(folder, `${seed}-${path.basename(task.output)}`), seed, splitSeed: task.seed },
          { priority: 'user', signal: abortSignal(token, shown.token), progress },
        );
        requireSameInputs(report, first);
        runs.push(seedRun(report));
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const spread = spreadOverSeeds(runs);
  return { runs, spread, findings: seedFindings(spread[spread.length - 1], runs.length) };
}

function seedRun({ settings, stages, verdict }: PurifySeedsRequest.Params['first']): SeedRun {
  return { seed: settings.seed, stages, verdict: verdict.kind };
}

/** Where all runs together stand: each of them is a stage. */
function overall(
  { stage, epoch, epochs, fraction }: JobProgress,
  seed: number,
  done: number,
  count: number,
): JobProgress {
  return {
    stage: `Seed ${seed}: ${stage}`,
    stageIndex: done,
    stageCount: count,
    epoch,
    epochs,
    fraction: (done + fraction) / count,
  };
}

function requireSeeds(seeds: readonly number[], first: number): void {
  const different = new Set([first, ...seeds]);
  const valid = seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff);
  if (seeds.length > 0 && seeds.length <= mostSeeds && valid && different.size === seeds.length + 1) return;
  throw new ResponseError(
    ErrorCodes.InvalidParams,
    `expected 1 to ${mostSeeds} different seeds besides ${first}, got ${seeds.join(', ') || 'none'}`,
  );
}

/** Figures of other files, or of another program, would be taken for chance. */
function requireSameInputs(report: PurifyReport, { sha256, settings }: PurifySeedsRequest.Params['first']): void {
  const changed = [
    ...(report.sha256 === sha256 ? [] : ['the model']),
    ...(report.settings.dataHash === settings.dataHash ? [] : ['the data']),
    ...(report.settings.backend === settings.backend ? [] : ['the backend']),
    ...(report.settings.cleanGraphs === settings.cleanGraphs ? [] : ['the number of clean graphs']),
  ];
  if (changed.length === 0) return;
  throw new ResponseError(
    LSPErrorCodes.RequestFailed,
    `Not the same as in the first run any more: ${changed.join(', ')}. Run that again first.`,
  );
}
