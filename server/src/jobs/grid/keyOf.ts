import { createHash } from 'node:crypto';

/**
 * A name for what follows from some settings: the start of the SHA-256 of their JSON. The order of properties does not
 * matter, nor do those that are undefined.
 *
 * @param settings plain data
 * @returns 20 hexadecimal digits
 */
export function keyOf(settings: unknown): string {
  return createHash('sha256').update(canonicalJson(settings)).digest('hex').slice(0, 20);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
