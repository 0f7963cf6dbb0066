/** Variable with the password of the queue: settings are no place for it. */
const variable = 'GRAPHNAD_QUEUE_PASSWORD';

/**
 * Takes the password of the queue out of the environment, so that the processes that are started later, which read files
 * of strangers, do not have it.
 */
export function takeQueuePassword(environment: NodeJS.ProcessEnv): string | undefined {
  const password = environment[variable];
  delete environment[variable];
  return password === '' ? undefined : password;
}
