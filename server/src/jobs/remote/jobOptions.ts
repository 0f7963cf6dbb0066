import { keptFor } from './keys';
import { mostTries } from './tries';

/** How jobs are put into the queue, so that workers can try them as often as they should. */
export const jobOptions = {
  attempts: mostTries,
  removeOnComplete: { age: keptFor },
  removeOnFail: { age: keptFor },
  stackTraceLimit: 0,
} as const;
