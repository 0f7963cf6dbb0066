import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent died, even while a computation keeps the event loop busy and `disconnect` is
 * never heard: a thread of its own looks every second.
 *
 * @param parent Id of the parent, in its own words: one that dies while this process still starts has left it to
 *   another by the time this process could ask.
 */
export function exitWithParent(parent: number): void {
  const watch = new Worker(`(${watchParent.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: parent,
    // Nothing of the parent's standard streams or command line is needed here.
    stdin: false,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, codeRangeSizeMb: 4 },
  });
  // Without it the process still hears `disconnect`, unless it is busy.
  watch.on('error', () => undefined);
  watch.unref();
}

/** Runs in the thread, from its source text: it may use nothing from outside. */
function watchParent(parent: number): void {
  setInterval(() => {
    let alive = process.ppid === parent;
    try {
      process.kill(parent, 0);
    } catch (error) {
      // On Windows the id of the parent stays after its death, so it has to be asked for.
      alive &&= (error as NodeJS.ErrnoException).code === 'EPERM';
    }
    if (!alive) process.kill(process.pid, 'SIGKILL');
  }, 1000);
}
