import { selectBackend, type Backend } from '../tensor/backend';
import { tensorFlowNotes } from '../tensor/tensorflow';
import type { BackendChoice } from './tasks';

/** Finds out whether a backend works in a worker. */
export interface CheckBackendTask {
  readonly kind: 'check-backend';
  readonly backend: BackendChoice;
}

export interface BackendInUse {
  /** Name of the backend. */
  readonly backend: Backend;
  /** What the user should know about it, such as that it found no GPU. */
  readonly notes: readonly string[];
}

/**
 * Starts a backend as a job would.
 *
 * @throws BackendError where it cannot run
 */
export async function checkBackend({ backend: choice }: Pick<CheckBackendTask, 'backend'>): Promise<BackendInUse> {
  const backend = await selectBackend(choice);
  return { backend, notes: backend === 'tensorflow' ? tensorFlowNotes() : [] };
}
