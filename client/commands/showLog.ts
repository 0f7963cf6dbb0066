import type { Context } from '../context';

/** `graphnad.showLog`: shows the log of client and server. */
export function showLog({ log }: Context): () => void {
  return () => log.show();
}
