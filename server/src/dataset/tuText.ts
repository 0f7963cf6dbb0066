import { DatasetError } from './dataset';

/** Rows of numbers with the line each came from. */
export interface NumberTable {
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  /** Row-major `[rows, columns]`. */
  readonly values: Float64Array;
  /** Line of each row, counted from 1, `[rows]`. */
  readonly lines: Int32Array;
}

/** Text that is read: below the longest string there can be. */
export const LARGEST_FILE = 256 * 2 ** 20;
const COMMENT = /[#%].*$/;
const SEPARATOR = /\s*[,;]\s*|\s+/;
/** What most rows of large files are; these need no more than being cut. */
const PLAIN_ROW = /^\d{1,15}(?:,\d{1,15})*$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads a text file of numbers, one row a line, separated by commas or white space. Blank lines and what follows `#` or
 * `%` are skipped; line ends may be those of any system.
 *
 * @param columns wanted number of columns; taken from the first row where absent
 * @throws DatasetError for anything that is not a finite number, a row of another length, or a file that is not text
 */
export function parseNumbers(bytes: Uint8Array, file: string, columns?: number): NumberTable {
  const values: number[] = [];
  const lines: number[] = [];
  let width = columns;
  decode(bytes, file)
    .split(/\r\n|\n|\r/)
    .forEach((text, index) => {
      const isPlain = PLAIN_ROW.test(text);
      const row = isPlain ? text : text.replace(COMMENT, '').trim();
      if (row === '') return;
      const line = index + 1;
      const fields = row.split(isPlain ? ',' : SEPARATOR);
      width ??= fields.length;
      if (fields.length !== width) {
        throw new DatasetError(file, `expected ${plural(width, 'number')}, found ${fields.length}`, line);
      }
      for (const field of fields) {
        const value = isPlain || DECIMAL.test(field) ? Number(field) : NaN;
        if (!Number.isFinite(value)) throw new DatasetError(file, `"${excerpt(field)}" is not a number`, line);
        values.push(value);
      }
      lines.push(line);
    });
  return {
    file,
    rows: lines.length,
    columns: width ?? 0,
    values: Float64Array.from(values),
    lines: Int32Array.from(lines),
  };
}

/**
 * The same for whole numbers that fit 32 bits. `3.0` counts as whole.
 *
 * @throws DatasetError as {@link parseNumbers}, and for other numbers
 */
export function parseIntegers(bytes: Uint8Array, file: string, columns: number): NumberTable {
  const table = parseNumbers(bytes, file, columns);
  const wrong = table.values.findIndex((value) => (value | 0) !== value);
  if (wrong >= 0) {
    const reason = `${table.values[wrong]} is not a whole number between -2147483648 and 2147483647`;
    throw new DatasetError(file, reason, table.lines[Math.floor(wrong / columns)]);
  }
  return table;
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > LARGEST_FILE) throw new DatasetError(file, 'it is larger than 256 MiB, more than is read');
  if (bytes.includes(0)) throw new DatasetError(file, 'this is not a text file: it holds zero bytes');
  return new TextDecoder('utf-8').decode(bytes);
}

function excerpt(field: string): string {
  return field.length > 20 ? `${field.slice(0, 20)}...` : field;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
