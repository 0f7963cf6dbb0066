import assert from 'node:assert/strict';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { parseIntegers, parseNumbers } from '../../../server/src/dataset/tuText';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('parseNumbers', () => {
  it('takes commas, white space, all line ends, blank lines and comments', () => {
    const table = parseNumbers(bytes('# head\r\n1, 2\r\n\r\n 3\t4 \n5,6 % tail\r7 8\n\n'), 'f');
    assert.deepEqual([...table.values], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual([...table.lines], [2, 4, 5, 6]);
    assert.equal(table.rows, 4);
    assert.equal(table.columns, 2);
  });

  it('takes a byte order mark and a missing last line end', () => {
    assert.deepEqual([...parseNumbers(bytes('\ufeff-1.5e3'), 'f').values], [-1500]);
  });

  it('takes an empty file for no rows', () => {
    assert.deepEqual(parseNumbers(bytes(''), 'f').rows, 0);
  });

  const cases: [string, string, RegExp, number?][] = [
    ['a word', '1\ntwo\n', /"two" is not a number/, 2],
    ['an empty field', '1,,2\n', /"" is not a number/, 1],
    ['a trailing comma', '1,\n', /"" is not a number/, 1],
    ['infinity', 'Infinity\n', /"Infinity" is not a number/, 1],
    ['a number too large', '1e999\n', /"1e999" is not a number/, 1],
    ['hexadecimal', '0x10\n', /"0x10" is not a number/, 1],
    ['a row of another length', '1 2\n3\n', /expected 2 numbers, found 1/, 2],
    ['zero bytes', '1\u0000\n', /not a text file/, undefined],
  ];
  for (const [name, text, reason, line] of cases) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseNumbers(bytes(text), 'data/X.txt'),
        (error) =>
          error instanceof DatasetError &&
          error.file === 'data/X.txt' &&
          reason.test(error.reason) &&
          error.line === line,
      );
    });
  }

  it('refuses a file that is too large, before reading it', () => {
    assert.throws(() => parseNumbers(new Uint8Array(256 * 2 ** 20 + 1), 'f'), /f: it is larger than 256 MiB/);
  });

  it('shortens what it quotes', () => {
    assert.throws(() => parseNumbers(bytes('x'.repeat(1000)), 'f'), /f, line 1: "x{20}\.\.\." is not a number/);
  });
});

describe('parseIntegers', () => {
  it('takes whole numbers, however they are written', () => {
    assert.deepEqual([...parseIntegers(bytes('1\n-2\n3.0\n4e0\n'), 'f', 1).values], [1, -2, 3, 4]);
  });

  it('refuses fractions and what does not fit 32 bits, with the line', () => {
    assert.throws(() => parseIntegers(bytes('1 2\n3 4.5\n'), 'f', 2), /f, line 2: 4.5 is not a whole number/);
    assert.throws(() => parseIntegers(bytes('2147483648\n'), 'f', 1), /f, line 1: 2147483648 is not a whole number/);
  });
});
