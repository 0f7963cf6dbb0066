/** What speaks to a queue, all that is used of it: built into a file of its own, see `scripts/build.mjs`. */
export { ErrorCode, Queue, QueueEvents, UnrecoverableError, WaitingError, Worker } from 'bullmq';
export { Redis } from 'ioredis';
