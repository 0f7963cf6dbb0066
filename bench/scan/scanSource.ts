import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';

const scanFolder = path.join(__dirname, '..', '..', 'server', 'src', 'scan');

/** Writes a file of the scan room. @param name relative to server/src/scan */
export async function writeScanSource(name: string, source: string): Promise<void> {
  const text = await format(source, { parser: 'typescript', singleQuote: true, printWidth: 120 });
  writeFileSync(path.join(scanFolder, name), text);
}
