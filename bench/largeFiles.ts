/**
 * Time and memory of inspecting large models, their code too: a fresh process each, of the bundled program. The files are
 * sparse. Fails where a model is not read as what it is, or takes longer or more memory than is allowed.
 *
 *   npm run bench -- largeFiles [--size GIGABYTES] [--write]
 *
 * `--write` puts the table into `docs/formats.md`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { largeModels } from './formats/largeModels';

const most = { milliseconds: 1000, memory: 150e6 };
const document = path.resolve(__dirname, '../docs/formats.md');
const marks = ['<!-- large files -->', '<!-- end of large files -->'] as const;

interface Measured {
  readonly format?: string;
  readonly tensors: readonly { readonly shape: readonly number[] }[];
  readonly unreadable?: { readonly reason: string };
  readonly codeSafety: string;
  readonly milliseconds: number;
  readonly memory: number;
}

function main(): void {
  const { values } = parseArgs({ options: { size: { type: 'string', default: '10' }, write: { type: 'boolean' } } });
  const size = Number(values.size) * 1e9;
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-large-'));
  try {
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
    if (values.write) writeTable(table);
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
  if (measured.format !== format || elements < bytes / 4 / 1.5) {
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

function writeTable(table: string): void {
  const text = readFileSync(document, 'utf8');
  const [start, end] = marks.map((mark) => text.indexOf(mark));
  if (start < 0 || end < start) throw new Error(`${document} has no place for the table`);
  writeFileSync(document, `${text.slice(0, start)}${marks[0]}\n\n${table}\n\n${text.slice(end)}`);
}

main();
