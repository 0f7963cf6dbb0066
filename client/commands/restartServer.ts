import type { Context } from '../context';

/** `graphnad.restartServer`: ends the server, whatever it does, and starts a new one. */
export function restartServer({ server, log }: Context): () => Promise<void> {
  return async () => {
    log.info('Restart asked for.');
    await server.restart();
  };
}
