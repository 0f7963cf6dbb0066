import assert from 'node:assert/strict';
import { LiteralFault, parsePythonLiteral } from '../../../../server/src/checkpoint/numpy/pythonLiteral';

describe('parsePythonLiteral', () => {
  const literals: readonly (readonly [string, unknown])[] = [
    ['None', null],
    [' True ', true],
    ['-12', -12],
    ['3L', 3],
    ["'a b'", 'a b'],
    ['"it\'s"', "it's"],
    ['()', []],
    ['(3,)', [3]],
    ['(3, 4)', [3, 4]],
    ["[('a', '<f4'), ('b', '<i2', (2,))]", [['a', '<f4'], ['b', '<i2', [2]]]], // prettier-ignore
    ["{'shape': (1L, 2L), 'order': False, }", new Map<string, unknown>([['shape', [1, 2]], ['order', false]])], // prettier-ignore
    ["{'__proto__': 1}", new Map([['__proto__', 1]])],
  ];
  for (const [text, value] of literals) it(text, () => assert.deepEqual(parsePythonLiteral(text), value));

  const faults: readonly (readonly [string, RegExp])[] = [
    ['', /no literal/],
    ['(3)', /in parentheses/],
    ['(1 2)', /comma is missing/],
    ['(1,,)', /no literal/],
    ['1.5', /text follows/],
    ['1e9', /no literal/],
    ["'a", /does not end/],
    ["'a\\n'", /holds an escape/],
    ["{'a' 1}", /no value/],
    ['{1: 2}', /key is no text/],
    ["{'a': 1, 'a': 2}", /occurs twice/],
    ['__import__("os")', /no literal/],
    ['open', /no literal/],
    ['('.repeat(1000), /nested too deep/],
    ['9'.repeat(30), /no literal/],
  ];
  for (const [text, reason] of faults) {
    it(`refuses ${text.slice(0, 20)}`, () => {
      assert.throws(
        () => parsePythonLiteral(text),
        (error) => error instanceof LiteralFault && reason.test(error.reason),
      );
    });
  }
});
