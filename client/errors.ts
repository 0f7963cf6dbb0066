/** What an error says, in one string, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Error codes of the language server protocol for a request that was cancelled by either side. */
const cancellationCodes: readonly unknown[] = [-32800, -32802];

/** Whether a request ended because it was cancelled. */
export function isCancellation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'Canceled' || ('code' in error && cancellationCodes.includes(error.code));
}

/** The class of an error that the server answered with, such as `DatasetError`; undefined for others. */
export function serverErrorName(error: unknown): string | undefined {
  const { name } = (error as { data?: { name?: unknown } | null } | null | undefined)?.data ?? {};
  return typeof name === 'string' ? name : undefined;
}
