/**
 * Time and memory of inspecting large models, their code too: a fresh process each, of the bundled program. The files are
 * sparse. Fails where a model is not read as what it is, or takes longer or more memory than is allowed.
 *
 *   npm run bench -- largeFiles [--size GIGABYTES] [--hash] [--write]
 *
 * `--write` puts the table into `docs/formats.md`, `--hash` measures in its place how long the SHA-256 of a file takes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { hashFile } from '../server/src/jobs/hashFile';
import { replaceBetweenMarkers } from './engine/tables';
import { largeModels } from './formats/largeModels';

const most = { milliseconds: 1000, memory: 150e6 };
const document = path.resolve(__dirname, '../docs/formats.md');

interface Measured {
  readonly format?: string;
  readonly tensors: readonly { readonly shape: readonly number[] }[];
  readonly unreadable?: { readonly reason: string };
  readonly codeSafety: string;
  readonly milliseconds: number;
  readonly memory: number;
}

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { size: { type: 'string', default: '10' }, hash: flag, write: flag } });
  const size = Number(values.size) * 1e9;
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-large-'));
  try {
    if (values.hash) {
      const text = await hashText(folder, size);
      console.log(text);
      if (values.write) writeAs('hash of a large file', text);
      return;
    }
    const program = path.join(folder, 'inspectOnce.cjs');
    const entryPoints = [path.join(__dirname, 'formats/inspectOnce.ts')];
    buildSync({ entryPoints, bundle: true, platform: 'node', outfile: program, logLevel: 'error' });
    const rows = Object.keys(largeModels).map((format) => {
      const [small, large] = [1e6, size].map((bytes) => measure(program, folder, format, bytes));
      return `| ${format} | ${figures(small)} | ${figures(large)} |`;
    });
    const gigabytes = `${size / 1e9} GB`;
    const table = [
      `| format | 1 MB: time | memory | ${gigabytes}: time | memory |`,
      '| --- | --: | --: | --: | --: |',
      ...rows,
    ].join('\n');
    console.log(table);
    if (values.write) writeAs('large files', table);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(program: string, folder: string, format: string, bytes: number): Measured {
  const place = path.join(folder, format);
  mkdirSync(place);
  const model = largeModels[format](place, bytes);
  const measured = JSON.parse(execFileSync(process.execPath, [program, model], { encoding: 'utf8' })) as Measured;
  rmSync(place, { recursive: true });
  const { unreadable, tensors, codeSafety, milliseconds, memory } = measured;
  const elements = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, width) => product * width, 1), 0);
  if (measured.format !== format.split(' ')[0] || elements < bytes / 4 / 1.5) {
    throw new Error(`${format}: read as ${String(measured.format)} of ${elements} values: ${unreadable?.reason}`);
  }
  if (codeSafety === 'dangerous') throw new Error(`${format}: there is no code in it`);
  if (milliseconds > most.milliseconds || memory > most.memory) {
    console.error(`${format} of ${bytes / 1e9} GB: ${figures(measured)} is too much`);
    process.exitCode = 1;
  }
  return measured;
}

function figures({ milliseconds, memory }: Measured): string {
  return `${Math.round(milliseconds)} ms | ${Math.round(memory / 1e6)} MB`;
}

/** How long hashing takes where the disk does not count: a sparse file is read from memory. */
async function hashText(folder: string, size: number): Promise<string> {
  const file = path.join(folder, 'zeros');
  writeFileSync(file, '');
  truncateSync(file, size);
  const start = process.cpuUsage();
  await hashFile(file);
  const { user, system } = process.cpuUsage(start);
  const seconds = Math.round((user + system) / 1e6);
  return `Of ${size / 1e9} GB that takes ${seconds} s of processor time, beside what the disk takes.`;
}

/** @param name of the place in the document */
function writeAs(name: string, content: string): void {
  writeFileSync(document, replaceBetweenMarkers(readFileSync(document, 'utf8'), name, content));
}

void main();
