import { mock } from 'node:test';

/** What a command of the command line printed. */
export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command in this process and catches what it prints. Processes that it starts run from their sources as well.
 *
 * @param run @returns its exit code
 */
export async function captured(run: () => Promise<number>): Promise<Captured> {
  const texts = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    mock.method(process[name], 'write', (chunk: string | Uint8Array) => {
      texts[name] += String(chunk);
      return true;
    }),
  );
  process.env.NODE_OPTIONS = `--require ${JSON.stringify(require.resolve('tsx/cjs'))}`;
  try {
    return { code: await run(), out: texts.stdout, err: texts.stderr };
  } finally {
    delete process.env.NODE_OPTIONS;
    for (const stream of streams) stream.mock.restore();
  }
}
