import { withoutDetails } from '../engine/guard';

type ErrorClass = abstract new (...args: never[]) => Error;

/** What `read` gives, or why it refused; any other error than those of `classes` is thrown on. */
export function readOrRefused<T>(
  classes: readonly ErrorClass[],
  read: () => T,
): { readonly value: T; readonly refusal?: undefined } | { readonly value?: undefined; readonly refusal: string } {
  try {
    return { value: read() };
  } catch (error) {
    for (const own of classes) {
      if (error instanceof own) return { refusal: `refused: ${withoutDetails(error.message)}` };
    }
    throw error;
  }
}
