/** `node scripts/run.mjs settings`: writes `docs/settings.md` from the settings tables of the program. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { settingsDocument, settingsFile } from '../lib/settingsDocument';

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  await writeFile(settingsFile, await settingsDocument());
  console.log(`Wrote ${path.relative(process.cwd(), settingsFile)}`);
}
