import { JsonPlace } from './jsonPlace';

/** A JSON file that cannot be used: which file, where in it, and why. Every kind of file has a class of its own. */
export abstract class JsonFileError extends Error {
  /** @param place path of the value at fault, such as `trigger.edges[3]`; empty for the whole file */
  constructor(
    readonly file: string,
    readonly place: string,
    readonly reason: string,
  ) {
    super(`${file}: ${place === '' ? '' : `${place}: `}${reason}`);
  }
}

/**
 * Parses a JSON file.
 *
 * @param file its name, for errors
 * @param Fault what is thrown, now and by whoever reads the value
 * @returns the whole value, as it is and as a place that knows where it is
 */
export function parseJsonFile(
  text: string,
  file: string,
  Fault: new (file: string, place: string, reason: string) => JsonFileError,
): { readonly value: unknown; readonly json: JsonPlace } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Fault(file, '', `this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { value, json: new JsonPlace(value, '', (place, reason) => new Fault(file, place, reason)) };
}
