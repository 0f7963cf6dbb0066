import { canonicalJson } from '../canonicalJson';
import { sha256Of } from '../hashFile';

/**
 * A name for what follows from some settings: the start of the SHA-256 of their JSON. The order of properties does not
 * matter, nor do those that are undefined.
 *
 * @param settings plain data
 * @returns 20 hexadecimal digits
 */
export function keyOf(settings: unknown): string {
  return sha256Of(canonicalJson(settings)).slice(0, 20);
}
