/** Starts two workers of a script, one idle and one that never listens, prints their ids and waits to be killed. */
import { WorkerPool } from '../../server/src/jobs/pool';

const pool = new WorkerPool({ script: process.argv[2], size: 2 });
pool.run({ do: 'hang' }).catch(() => undefined);
void pool.run({ do: 'pid' }).then(() => process.stdout.write(`${JSON.stringify(pool.processIds)}\n`));
