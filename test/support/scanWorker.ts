/** A worker whose process ends when it is to scan a model named for that, the first time or each time. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exitWithParent } from '../../server/src/jobs/exitWithParent';
import { runTask } from '../../server/src/jobs/runTask';
import { serveJobs } from '../../server/src/jobs/serveJobs';
import type { ScanTask } from '../../server/src/jobs/tasks';

exitWithParent(Number(process.argv[2]));
serveJobs<ScanTask>((task, context) => {
  const name = path.basename(task.model);
  if (name === 'crash.pt') process.exit(3);
  const mark = `${task.model}.seen`;
  if (name === 'crash-once.pt' && !existsSync(mark)) {
    writeFileSync(mark, '');
    process.exit(4);
  }
  return runTask(task, context);
});
