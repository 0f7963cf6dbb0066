import path from 'node:path';
import { repositoryRoot } from '../../scripts/lib/paths';
import { bundled } from './bundled';

/** Runs `poolWorker.ts`. */
export const poolOptions = {
  get script(): string {
    return bundled('test/support/poolWorker.ts');
  },
};

/** Runs `fragileWorker.ts`. */
export const fragileOptions = {
  get script(): string {
    return bundled('test/support/fragileWorker.ts');
  },
};

/** Runs the product's worker as it was built. */
export const workerOptions = { script: path.join(repositoryRoot, 'dist', 'worker.js') };
