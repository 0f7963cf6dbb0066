import { setTimeout as delay } from 'node:timers/promises';
import type { OnConnection } from './connection';
import { reasonOf, willPass } from './trouble';

/** Pause before a server that takes nothing is asked again, in milliseconds. */
const usualPause = 2_000;

interface Patience {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Whether it is worth waiting; default: always. */
  readonly isPatient?: () => boolean;
  readonly onTrouble?: OnConnection;
  /** In milliseconds. */
  readonly pause?: number;
}

/**
 * Has a server take something: again and again while it takes nothing at all, as where its memory is full.
 *
 * @param work may be done several times
 * @throws what `work` throws for any other reason, or where it is not worth waiting; the signal's reason
 */
export async function untilTaken<T>(
  work: () => Promise<T>,
  { signal, isPatient = () => true, onTrouble, pause = usualPause }: Patience,
): Promise<T> {
  for (let wasRefused = false; ; wasRefused = true) {
    try {
      const value = await work();
      if (wasRefused) onTrouble?.('');
      return value;
    } catch (error) {
      if (!willPass(error) || !isPatient()) throw error;
      onTrouble?.(reasonOf(error));
    }
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
