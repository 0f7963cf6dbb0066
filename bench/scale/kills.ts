import path from 'node:path';
import { runWithKills, type ChaosOutcome } from '../../test/support/redis/chaos';
import { makeZoo } from '../../test/support/zoo';
import { graphnad } from './queuedScan';

export interface Kills extends Omit<ChaosOutcome, 'output'> {
  readonly models: number;
  readonly workers: number;
  /** Models with a verdict, each once. */
  readonly verdicts: number;
  /** Whether the whole output is that of a scan without a queue, byte for byte. */
  readonly isSame: boolean;
  /** Seconds of the scan without a queue, on all cores, with nobody killed. */
  readonly localSeconds: number;
}

const workers = 2;

/** Scans models by the workers of a queue while workers, their processes, the asker and Redis are killed in turn. */
export async function measureKills(options: {
  readonly folder: string;
  readonly models: number;
  readonly kills: number;
}): Promise<Kills> {
  const { folder, models, kills } = options;
  const zoo = await makeZoo(path.join(folder, 'kills'), { models, graphs: 40 });
  const command = ['scan', zoo.models, '--data', zoo.data, '--json'];
  const local = await graphnad(command);
  const outcome = await runWithKills({
    ...{ folder: path.join(folder, 'kills'), command, jobs: models, kills, workers, seed: 1 },
    onKill: (victim, done) => console.error(`${victim} killed at ${done} of ${models}`),
  });
  const { output, ...rest } = outcome;
  const { reports } = JSON.parse(output) as { readonly reports: readonly { readonly file: string }[] };
  return {
    ...{ ...rest, models, workers, localSeconds: local.seconds, isSame: output === local.output },
    verdicts: new Set(reports.map(({ file }) => file)).size,
  };
}
