/** Reads a Python literal, as NumPy writes its headers: nothing is evaluated, and nothing but data can be said in it. */

/** A tuple and a list are both an array; a dict is a map, so that no key can touch an object's prototype. */
export type PythonLiteral =
  null | boolean | number | string | readonly PythonLiteral[] | ReadonlyMap<string, PythonLiteral>;

/** Why a text is no literal that is read. Stays inside this room. */
export class LiteralFault extends Error {
  constructor(
    readonly reason: string,
    /** Characters before the place. */
    readonly position: number,
  ) {
    super(reason);
    this.name = 'LiteralFault';
  }
}

/** Structured element types nest a few deep. */
const deepest = 16;

/** Parses all of `text`. Throws LiteralFault. */
export function parsePythonLiteral(text: string): PythonLiteral {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class LiteralParser {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): PythonLiteral {
    if (depth > deepest) throw this.fault('it is nested too deep');
    this.space();
    const next = this.text.charAt(this.at);
    if (next === '{') return this.dict(depth);
    if (next === '(' || next === '[') return this.sequence(next === '(' ? ')' : ']', depth);
    if (next === "'" || next === '"') return this.string(next);
    const word = this.match(/[A-Za-z]+/y);
    if (word === 'True' || word === 'False') return word === 'True';
    if (word === 'None') return null;
    // Python 2 ends its long integers in L.
    const number = word === undefined ? this.match(/[+-]?\d{1,20}(?=L|\b)/y) : undefined;
    if (number === undefined) throw this.fault('there is no literal');
    this.match(/L/y);
    return Number(number);
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.fault('text follows the literal');
  }

  private dict(depth: number): ReadonlyMap<string, PythonLiteral> {
    const entries = new Map<string, PythonLiteral>();
    this.items('}', () => {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw this.fault('a key is no text');
      if (entries.has(key)) throw this.fault(`the key ${JSON.stringify(key)} occurs twice`);
      this.space();
      if (this.match(/:/y) === undefined) throw this.fault('a key has no value');
      entries.set(key, this.value(depth + 1));
    });
    return entries;
  }

  private sequence(close: ')' | ']', depth: number): readonly PythonLiteral[] {
    const items: PythonLiteral[] = [];
    const commas = this.items(close, () => items.push(this.value(depth + 1)));
    // A single value in parentheses is no tuple.
    return close === ')' && items.length === 1 && commas === 0 ? this.refuseParentheses() : items;
  }

  /** Items up to `close`, with commas between them and perhaps one at the end. Returns how many commas there were. */
  private items(close: string, item: () => void): number {
    this.at++;
    for (let commas = 0; ; commas++) {
      this.space();
      if (this.text.charAt(this.at) === close) {
        this.at++;
        return commas;
      }
      item();
      this.space();
      if (this.text.charAt(this.at) === ',') this.at++;
      else if (this.text.charAt(this.at) === close) {
        this.at++;
        return commas;
      } else throw this.fault('a comma is missing');
    }
  }

  private string(quote: string): string {
    const body = this.match(quote === "'" ? /'[^'\\\n]*'/y : /"[^"\\\n]*"/y);
    if (body === undefined) throw this.fault('a text does not end, or holds an escape');
    return body.slice(1, -1);
  }

  private space(): void {
    this.match(/[ \t\r\n]*/y);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private refuseParentheses(): never {
    throw this.fault('a value stands in parentheses');
  }

  private fault(reason: string): LiteralFault {
    return new LiteralFault(reason, this.at);
  }
}
