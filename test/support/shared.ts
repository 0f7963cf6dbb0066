import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';

const root = path.resolve(__dirname, '../../../shared');

/**
 * Path of research data or fixtures in the folder `shared` beside the repository. They are not part of it: where they
 * are missing, the test says so by name and is skipped.
 */
export function sharedOrSkip(context: Context, ...parts: string[]): string {
  const wanted = path.join(root, ...parts);
  if (!existsSync(wanted)) {
    console.log(`      skipped: ${path.join('..', 'shared', ...parts)} is missing`);
    context.skip();
  }
  return wanted;
}
