import { appendFile, readFile, truncate } from 'node:fs/promises';

/** A file of JSON lines that holds something else. */
export class JsonLinesError extends Error {
  override readonly name = 'JsonLinesError';

  /** @param line counted from 1 */
  constructor(
    readonly file: string,
    readonly line: number,
    readonly reason: string,
  ) {
    super(`${file}, line ${line}: ${reason}`);
  }
}

/**
 * The records of a file of JSON lines. A last line without its end is what a writer that was killed left, and no
 * record. An absent file holds none.
 *
 * @throws JsonLinesError where another line is no JSON object
 */
export async function readJsonLines<T>(file: string): Promise<T[]> {
  return parse(file, (await contentOf(file)).toString('utf8'));
}

/** A growing file of JSON lines. Lines come whole, in the order of the calls. */
export class JsonLines<T> {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    /** What was there when it was opened. */
    readonly records: readonly T[],
  ) {}

  /**
   * Opens a file to go on with; a torn last line is cut off.
   *
   * @throws JsonLinesError
   */
  static async open<T>(file: string): Promise<JsonLines<T>> {
    const content = await contentOf(file);
    const records = parse<T>(file, content.toString('utf8'));
    const whole = content.lastIndexOf('\n') + 1;
    if (whole < content.length) await truncate(file, whole);
    return new JsonLines(file, records);
  }

  append(record: T): Promise<void> {
    const line = `${JSON.stringify(record)}\n`;
    this.last = this.last.then(() => appendFile(this.file, line));
    return this.last;
  }
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function parse<T>(file: string, text: string): T[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        const value: unknown = JSON.parse(line);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
      } catch {
        // Told below.
      }
      throw new JsonLinesError(file, i + 1, 'this is no JSON object');
    });
}
