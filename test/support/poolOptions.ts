import path from 'node:path';

/** Runs `poolWorker.ts` from its source. */
export const poolOptions = {
  script: path.join(__dirname, 'poolWorker.ts'),
  execArgv: ['--require', require.resolve('tsx/cjs')],
};
