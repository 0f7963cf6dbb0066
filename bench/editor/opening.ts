import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { toUri } from '../../server/src/lsp/fileUri';
import { LspClient } from '../../test/support/lspClient';
import { maliciousCheckpoint } from '../../test/support/maliciousCheckpoint';
import { writeVariant } from '../../test/support/variants';

/** Milliseconds since the server's process was started. */
export interface Opening {
  /** From start to end of a Node.js process that does nothing: what the machine, with all that runs on it, allows. */
  readonly bare: number;
  /** Until the server could be asked. */
  readonly initialized: number;
  /** Until diagnostics of a first model were there. */
  readonly first: number;
  /** Until those of all models were. */
  readonly all: number;
}

const timeLimit = 120_000;

/**
 * Opens a folder of models of which nothing is known yet, with a fresh server each turn. One model in ten would run code
 * when it is loaded.
 *
 * @param model checkpoint that the others are variants of
 */
export async function measureOpening(model: string, count: number, turns: number): Promise<Opening[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-bench-'));
  try {
    mkdirSync(path.join(folder, 'models'));
    const files = Array.from({ length: count }, (_, i) => path.join(folder, 'models', `model${i}.pt`));
    files.forEach((file, i) =>
      i % 10 === 9 ? writeFileSync(file, maliciousCheckpoint()) : writeVariant(model, file, i),
    );
    const measured: Opening[] = [];
    for (let turn = 0; turn < turns; turn++) measured.push(await openOnce(folder, files));
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openOnce(folder: string, files: readonly string[]): Promise<Opening> {
  const uris = files.map(toUri);
  const bare = await bareStart();
  const started = performance.now();
  const since = (): number => performance.now() - started;
  const client = await LspClient.start({ folders: [folder], transport: 'ipc' });
  try {
    const initialized = since();
    await until(() => uris.some((uri) => client.published.has(uri)), since);
    const first = since();
    await until(() => uris.every((uri) => client.published.has(uri)), since);
    return { bare, initialized, first, all: since() };
  } finally {
    await client.dispose();
  }
}

async function bareStart(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

async function until(isSo: () => boolean, since: () => number): Promise<void> {
  while (!isSo()) {
    if (since() > timeLimit) throw new Error('the diagnostics did not come');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
