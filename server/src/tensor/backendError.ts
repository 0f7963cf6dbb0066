/** The chosen backend cannot run here. */
export class BackendError extends Error {
  override readonly name = 'BackendError';

  constructor(
    readonly backend: string,
    readonly reason: string,
  ) {
    super(`The ${backend} backend cannot be used: ${reason}`);
  }
}
