/** `npm run bench [-- NAME arguments]`: runs a measurement of `bench/`, or says which there are. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../lib/command';
import { repositoryRoot } from '../lib/paths';

const folder = path.join(repositoryRoot, 'bench');
const available = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'));
const timeLimit = 12 * 3600_000;

void main(process.argv.slice(2));

async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (!available.includes(name)) {
    console.log('npm run bench -- NAME [arguments]; there are');
    for (const bench of available) console.log(`  ${bench.padEnd(20)} ${purpose(bench)}`);
    process.exitCode = name === undefined ? 0 : 64;
    return;
  }
  const script = path.join(folder, `${name}.ts`);
  const { code } = await runCommand(process.execPath, ['--import', 'tsx', script, ...rest], { show: 'all', timeLimit });
  process.exitCode = code ?? 1;
}

/** The first sentence of a script's opening comment. */
function purpose(bench: string): string {
  const text = readFileSync(path.join(folder, `${bench}.ts`), 'utf8');
  const comment = /^\/\*\*\s*([\s\S]*?)\*\//.exec(text)?.[1].replace(/\s*\n \*\s?/g, ' ') ?? '';
  return comment.split(/(?<=\.)\s/)[0].trim();
}
