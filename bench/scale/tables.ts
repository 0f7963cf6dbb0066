import { ratios, spread } from '../engine/samples';
import { table } from '../engine/tables';
import type { Cost } from './cost';
import type { Kills } from './kills';
import type { Throughput } from './throughput';

export function throughputTable({ models, contestants }: Throughput): string {
  const pool = (jobs: number): (typeof contestants)[number] | undefined =>
    contestants.find((one) => one.workers === 0 && one.jobs === jobs);
  const rows = contestants.map((one) => {
    const { median, low, high } = spread(one.seconds);
    const beside = one.workers === 0 ? undefined : pool(one.jobs);
    return [
      one.name,
      `${median.toFixed(1)} s (${low.toFixed(1)}-${high.toFixed(1)})`,
      ((60 * models) / median).toFixed(0),
      beside === undefined ? '' : percentText(spread(ratios(one.seconds, beside.seconds)).median - 1),
    ];
  });
  return `${models} models, ${contestants[0].seconds.length} turns; medians, smallest and largest.\n\n${table([
    ['done by', 'time', 'models a minute', 'longer than the local pool with as many processes'],
    ...rows,
  ])}`;
}

export function costTable(cost: Cost): string {
  return table([
    ['of a job that takes next to nothing (the code of a small model)', 'measured'],
    ['jobs', String(cost.models)],
    ['size of a model', `${(cost.modelBytes / 1000).toFixed(1)} kB`],
    ['longer than with the local pool, one process', `${cost.milliseconds.toFixed(1)} ms`],
    ['processor time of Redis', `${cost.redisMilliseconds.toFixed(2)} ms`],
    ['commands that Redis answers', cost.commands.toFixed(0)],
    ['through Redis, both ways', `${(cost.bytes / 1000).toFixed(0)} kB`],
    ['memory of Redis that the finished job keeps for a week', `${(cost.keptBytes / 1000).toFixed(1)} kB`],
    ['a whole scan of such a model, with its data set, on one core', `${cost.scanSeconds.toFixed(2)} s`],
  ]);
}

/** Machines that the figures are projected to, and what each and the server between them are taken to have. */
const machines = 100;
const cores = 16;
const networkBytesPerSecond = 10e9 / 8;

/** What would be the limit with many machines: arithmetic from the figures of one, each step shown. */
export function projectionTable({ scanSeconds, redisMilliseconds, bytes, keptBytes }: Cost): string {
  const rate = (machines * cores) / scanSeconds;
  const redisShare = (rate * redisMilliseconds) / 1000;
  const most = Math.floor(1000 / redisMilliseconds / (cores / scanSeconds));
  const traffic = rate * bytes;
  const day = rate * 86_400;
  const number = (value: number): string => Math.round(value).toLocaleString('en-US');
  return table([
    [`${machines} machines of ${cores} cores`, 'arithmetic', 'comes to'],
    ['jobs a second', `${machines} x ${cores} / ${scanSeconds.toFixed(2)} s`, number(rate)],
    [
      'of one core of Redis',
      `${number(rate)} x ${redisMilliseconds.toFixed(2)} ms`,
      `${redisShare.toFixed(1)} of 1 core${redisShare > 1 ? ': the limit' : ''}`,
    ],
    [
      'machines that one Redis can feed with such small jobs',
      `1 s / ${redisMilliseconds.toFixed(2)} ms / (${cores} / ${scanSeconds.toFixed(2)} s)`,
      number(most),
    ],
    [
      'through the network of Redis',
      `${number(rate)} x ${(bytes / 1000).toFixed(0)} kB`,
      `${(traffic / 1e6).toFixed(0)} MB a second, ${((100 * traffic) / networkBytesPerSecond).toFixed(0)}% of 10 Gbit/s`,
    ],
    [
      'memory of Redis for the outcomes of a day',
      `${number(day)} x ${(keptBytes / 1000).toFixed(1)} kB`,
      `${((day * keptBytes) / 1e9).toFixed(0)} GB`,
    ],
  ]);
}

export function killsTable(kills: Kills): string {
  const { models, workers, killed, verdicts, isSame, ends, repeated, seconds, localSeconds } = kills;
  const doubled = [...ends.values()].filter((count) => count > 1).length;
  return table([
    ['models, workers', `${models}, ${workers}`],
    ['killed', Object.entries(killed).map(([victim, count]) => `${victim} ${count}`).join(', ')], // prettier-ignore
    ['models with a verdict', String(verdicts)],
    ['jobs that ended more than once', String(doubled)],
    ['jobs that were begun more than once', String(repeated)],
    ['output equal to that of the local pool, byte for byte', isSame ? 'yes' : 'no'],
    ['time, beside that of the local pool with nobody killed', `${seconds.toFixed(0)} s, ${localSeconds.toFixed(0)} s`],
  ]);
}

function percentText(share: number): string {
  return `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(1)}%`;
}
