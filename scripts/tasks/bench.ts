/**
 * `npm run bench`: measures this engine against PyTorch (`bench/performance.ts`, whose options may follow).
 * `npm run bench -- NAME [arguments]` runs another measurement of `bench/`; a NAME that is none lists them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { mustRun, runCommand } from '../lib/command';
import { repositoryRoot } from '../lib/paths';

const folder = path.join(repositoryRoot, 'bench');
const available = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'));
const timeLimit = 12 * 3600_000;

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const isNamed = args.length > 0 && !args[0].startsWith('-');
  const [name, ...rest] = isNamed ? args : ['performance', ...args];
  if (!available.includes(name)) {
    console.log('npm run bench [-- NAME arguments]; there are');
    for (const bench of available) console.log(`  ${bench.padEnd(20)} ${purpose(bench)}`);
    process.exitCode = 64;
    return;
  }
  // What is measured is the program that ships, and the kernels are built into the same folder.
  await mustRun(process.execPath, ['scripts/build.mjs']);
  const script = path.join(folder, `${name}.ts`);
  const { code } = await runCommand(process.execPath, ['--import', 'tsx', script, ...rest], { show: 'all', timeLimit });
  process.exitCode = code ?? 1;
}

/** The first sentence of a script's opening comment. */
function purpose(bench: string): string {
  const text = readFileSync(path.join(folder, `${bench}.ts`), 'utf8');
  const comment = /^\/\*\*[\s*]*([\s\S]*?)\*\//.exec(text)?.[1].replace(/\s*\n \*\s?/g, ' ') ?? '';
  return comment.split(/(?<=\.)\s/)[0].trim();
}
