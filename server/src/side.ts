/** What the side thread of a purification runs. */
import { parentPort } from 'node:worker_threads';
import { serveSide } from './jobs/side/serveSide';

if (parentPort !== null) serveSide(parentPort);
