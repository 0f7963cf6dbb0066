import type * as OverQueue from './overQueue';

/**
 * What speaks to a queue. It takes longer to load than all the rest, so it is where there is a queue; by `require`, which
 * loads it in the same way from the sources and from the build.
 */
export function loadQueue(): typeof OverQueue {
  return require('./overQueue') as typeof OverQueue;
}
