/**
 * Compares the code-safety scan with picklescan, modelscan and fickling on one corpus of malicious and harmless files.
 *
 *   python3 -m venv PEERS && PEERS/bin/pip install -r bench/peers/code_safety_requirements.txt
 *   GRAPHNAD_SCANNERS=PEERS/bin/python npm run bench -- codeSafety [--tables]
 *
 * The corpora are those of the tests (test/support/malicious, test/support/benignCorpus.ts); nothing of them is ever
 * loaded. What was found is written to bench/results/codeSafety.jsonl and, as tables, into docs/security.md, together with
 * the list of evasions; `--tables` writes those anew without measuring.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { mustRun } from '../scripts/lib/command';
import { benignCorpus } from '../test/support/benignCorpus';
import { maliciousCorpus } from '../test/support/malicious/corpus';
import { rawZip } from '../test/unit/checkpoint/zipAssembler';
import { harmless } from '../test/support/malicious/sample';
import type { GroupResult, ScannerResult, Verdict } from './codeSafety/measurement';
import { largeMegabytes } from './codeSafety/measurement';
import { codeSafetyTables, evasionTable } from './codeSafety/tables';
import { describeOwnMachine, type Machine } from './engine/machine';
import { machineLine, replaceBetweenMarkers } from './engine/tables';

const root = path.resolve(__dirname, '..');
const recorded = path.join(root, 'bench', 'results', 'codeSafety.jsonl');
const document = path.join(root, 'docs', 'security.md');
const peers = ['picklescan', 'modelscan', 'fickling'] as const;

/** A corpus on disk: files by group. */
interface Group {
  readonly group: string;
  readonly isMalicious: boolean;
  readonly files: readonly string[];
}

/** What a scanner's process prints. */
type Answer = readonly [verdicts: Verdict[], seconds: number, megabytes: number, version: string];

/** Runs a scanner over the paths in a file. */
type Run = (list: string) => Promise<Answer>;

void main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { tables: { type: 'boolean', default: false } } });
  if (!values.tables) await measure();
  await writeDocument();
}

async function measure(): Promise<void> {
  const python = process.env.GRAPHNAD_SCANNERS;
  if (python === undefined)
    throw new Error('GRAPHNAD_SCANNERS names no Python with picklescan, modelscan and fickling');
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-code-safety-'));
  try {
    const groups = writeCorpus(folder);
    const large = path.join(folder, 'large.pt');
    writeFileSync(large, largeStateDict());
    const ours = await bundleOurs(folder);
    const script = path.join(root, 'bench', 'peers', 'code_safety.py');
    const scanners: readonly (readonly [name: string, run: Run])[] = [
      ['GraphNAD', (list) => answerOf(process.execPath, [ours, list])],
      ...peers.map((name) => [name, (list: string) => answerOf(python, [script, name, list])] as const),
    ];
    const results: ScannerResult[] = [];
    for (const [name, run] of scanners) results.push(await resultOf(name, run, groups, large, folder));
    const lines = [describeOwnMachine(), ...results].map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(recorded, lines.join(''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function resultOf(
  name: string,
  run: Run,
  groups: readonly Group[],
  large: string,
  folder: string,
): Promise<ScannerResult> {
  process.stderr.write(`Scanning with ${name}\n`);
  const list = path.join(folder, 'list.txt');
  writeFileSync(list, groups.flatMap(({ files }) => files).join('\n'));
  const [verdicts, seconds, megabytes, version] = await run(list);
  writeFileSync(list, large);
  const [, largeSeconds, largeMemory] = await run(list);
  let taken = 0;
  const results = groups.map(({ group, isMalicious, files }): GroupResult => {
    const own = files.map((file, i) => [path.basename(path.dirname(file)), verdicts[taken + i]] as const);
    taken += files.length;
    return { group, isMalicious, verdicts: Object.fromEntries(own) };
  });
  return {
    scanner: name,
    version,
    groups: results,
    seconds,
    megabytes,
    large: { seconds: largeSeconds, megabytes: largeMemory },
  };
}

/** Each file in a folder of its own, which has its name: scanners go by extensions. */
function writeCorpus(folder: string): Group[] {
  const write = (id: string, fileName: string, bytes: Uint8Array): string => {
    const file = path.join(folder, id, fileName);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  };
  const malicious = Object.entries(maliciousCorpus).map(([group, samples]): Group => {
    return { group, isMalicious: true, files: samples.map(({ id, fileName, bytes }) => write(id, fileName, bytes)) };
  });
  const benign = benignCorpus.map(({ fileName, bytes, origin }) =>
    write(`harmless-${origin.replaceAll('/', '-')}-${fileName}`, fileName, bytes),
  );
  return [...malicious, { group: 'harmless', isMalicious: false, files: benign }];
}

/** A state dict with one large entry of numbers. */
function largeStateDict(): Uint8Array {
  const numbers = new Float32Array((largeMegabytes << 20) / 4).map((_, i) => Math.sin(i));
  return rawZip([
    { name: 'model/data.pkl', data: harmless },
    { name: 'model/data/0', data: new Uint8Array(numbers.buffer) },
    { name: 'model/version', data: '3\n' },
  ]);
}

async function bundleOurs(folder: string): Promise<string> {
  const outfile = path.join(folder, 'ours.cjs');
  const entry = path.join(__dirname, 'codeSafety', 'ours.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}

async function answerOf(command: string, args: readonly string[]): Promise<Answer> {
  const { stdout } = await mustRun(command, args);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
}

async function writeDocument(): Promise<void> {
  const [machine, ...results] = readFileSync(recorded, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const content = `${codeSafetyTables(results as ScannerResult[])}\n${machineLine(machine as Machine)}`;
  console.log(content);
  const compared = replaceBetweenMarkers(readFileSync(document, 'utf8'), 'peers', content);
  const text = replaceBetweenMarkers(compared, 'evasions', evasionTable(maliciousCorpus));
  writeFileSync(document, await format(text, { ...(await resolveConfig(document)), parser: 'markdown' }));
}
