import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { replaceBetweenMarkers } from '../engine/tables';

const documents = path.join(__dirname, '..', '..', 'docs');

/** Puts figures into docs/detection.md, in place of those that the same script put there. @param script its name */
export async function writeFigures(script: string, figures: readonly string[]): Promise<void> {
  const file = path.join(documents, 'detection.md');
  const name = `figures of bench/${script}: changes by hand are lost`;
  const text = replaceBetweenMarkers(readFileSync(file, 'utf8'), name, figures.join('\n\n'));
  writeFileSync(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}

/** Writes a page of docs/results. */
export async function writeResults(name: string, sections: readonly string[]): Promise<void> {
  const folder = path.join(documents, 'results');
  mkdirSync(folder, { recursive: true });
  const text = await format(`${sections.join('\n\n')}\n`, { parser: 'markdown', printWidth: 120 });
  writeFileSync(path.join(folder, name), text);
}
