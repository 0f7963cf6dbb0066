/** Writes a file of the given size with `writeWhole` and says how it went: run in a process of its own under limits. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { OutputError, writeWhole } from '../../server/src/jobs/writeWhole';

const [file, size] = process.argv.slice(2);
writeWhole(file, new Uint8Array(Number(size)).fill(7)).then(
  () => report({ written: true }),
  (error: unknown) =>
    report(error instanceof OutputError ? { name: error.name, code: error.code, reason: error.reason } : { error }),
);

function report(outcome: object): void {
  process.stdout.write(JSON.stringify({ ...outcome, left: readdirSync(path.dirname(file)) }));
}
