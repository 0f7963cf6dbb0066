import { limits } from './limits';

/**
 * The value of JSON in a file.
 *
 * @param fail makes an error of the reason why there is none, a clause in plain words
 * @throws what `fail` makes where the bytes are no JSON in UTF-8, or values nest deeper than `limits.jsonDepth`: deep
 *   enough, they overflow the stack of whoever writes them again
 */
export function parseJson(bytes: Uint8Array, fail: (reason: string) => Error): unknown {
  if (isDeep(bytes)) throw fail(`its values stand in one another more than ${limits.jsonDepth} deep`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw fail('it is no JSON in UTF-8');
  }
}

/** Whether a value of JSON is an object. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const character = { quote: 0x22, backslash: 0x5c, list: 0x5b, listEnd: 0x5d, object: 0x7b, objectEnd: 0x7d };

function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === character.quote) inText = !inText;
    else if (inText) at += byte === character.backslash ? 1 : 0;
    else if (byte === character.list || byte === character.object) depth++;
    else if (byte === character.listEnd || byte === character.objectEnd) depth--;
    if (depth > limits.jsonDepth) return true;
  }
  return false;
}
