import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A child process that answers each line of JSON on its standard input with one on its standard output. */
export class LineProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;
  private errors = '';
  private ended: Error | undefined;

  /** @param name what errors call it */
  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    this.child = spawn(command, args, { ...options, stdio: 'pipe' });
    createInterface(this.child.stdout).on('line', (line) => {
      this.waiting?.resolve(line);
      this.waiting = undefined;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    // What could not be written shows as the end of the process.
    this.child.stdin.on('error', () => undefined);
    this.child.once('error', (error) => this.end(error.message));
    this.child.once('close', (code, signal) => this.end(`it ended with ${signal ?? `exit code ${code}`}`));
  }

  /**
   * Sends one command and waits for its answer; one at a time.
   *
   * @throws Error with what the process wrote to its standard error, where it ends instead of answering
   */
  async ask<Answer>(command: Readonly<Record<string, unknown>>): Promise<Answer> {
    if (this.ended) throw this.ended;
    if (this.waiting) throw new Error(`${this.name} is still busy with another command`);
    const answer = new Promise<string>((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    return JSON.parse(await answer) as Answer;
  }

  /** Lets the process end; it sees the end of its input. */
  close(): void {
    this.child.stdin.end();
  }

  private end(reason: string): void {
    this.ended ??= new Error(`${this.name} does not answer: ${reason}\n${this.errors.slice(-2000)}`.trimEnd());
    this.waiting?.reject(this.ended);
    this.waiting = undefined;
  }
}
