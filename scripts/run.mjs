/**
 * `node scripts/run.mjs TASK [arguments]`: installs dependencies where needed, then runs `scripts/tasks/TASK.ts`.
 * A fresh clone has nothing but Node, so this file and what it imports use built-ins alone.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies } from './lib/install.mjs';

const root = path.dirname(import.meta.dirname);
const [task, ...taskArguments] = process.argv.slice(2);

ensureDependencies(root);
const child = spawn(
  process.execPath,
  ['--import', 'tsx', path.join(root, 'scripts', 'tasks', `${task}.ts`), ...taskArguments],
  { cwd: root, stdio: 'inherit' },
);
// The terminal sends Ctrl-C to both; the task cleans up, and this process waits for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
