/** `node scripts/run.mjs manifest`: writes the JSON schema of `graphnad.json` and `docs/graphnad-json.md`. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { manifestDocument, manifestDocumentFile, manifestSchema, manifestSchemaFile } from '../lib/manifestDocument';

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const files = [
    [manifestSchemaFile, await manifestSchema()],
    [manifestDocumentFile, await manifestDocument()],
  ] as const;
  for (const [file, text] of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    console.log(`Wrote ${path.relative(process.cwd(), file)}`);
  }
}
