/** How a queue is spoken of, where one scans and purifies. */
import { plural } from '../../protocol/numberText';
import type { QueueCounts, QueueStanding } from '../../protocol/queue';

/** Whether nothing gets done by a queue, unless somebody does something about it. */
export function isStuck({ trouble, counts }: QueueStanding): boolean {
  return trouble !== undefined || (counts !== undefined && counts.troubles.length >= counts.workers);
}

/** How a queue stands, in one line. */
export function queueLine({ address, trouble, counts }: QueueStanding): string {
  const name = address === undefined ? 'The queue' : `The queue ${address}`;
  if (trouble !== undefined) return `${name} cannot be used: ${trouble}. Nothing is done on this machine instead.`;
  if (counts === undefined) return `${name} scans and purifies.`;
  const { waiting, active, troubles } = counts;
  const ill = troubles.length === 0 ? '' : ` ${plural(troubles.length, 'worker')} cannot work: ${troubles[0]}.`;
  return `${name} has ${workersText(counts)}: ${plural(waiting, 'job')} waiting, ${active} under way.${ill}`;
}

function workersText({ workers, otherWorkers }: QueueCounts): string {
  if (workers > 0) return plural(workers, 'worker');
  return otherWorkers === 0
    ? 'no worker'
    : `no worker of this version (${otherWorkers} of ${otherWorkers === 1 ? 'another' : 'others'})`;
}
