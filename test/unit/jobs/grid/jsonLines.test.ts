import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { JsonLines, JsonLinesError, readJsonLines } from '../../../../server/src/jobs/grid/jsonLines';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('JsonLines', () => {
  const at = useTmpFolder();

  it('appends lines in the order of the calls to what is there', async () => {
    const file = at('a.jsonl');
    const lines = await JsonLines.open<{ n: number }>(file);
    assert.deepEqual(lines.records, []);
    await Promise.all([0, 1, 2, 3].map((n) => lines.append({ n })));
    assert.equal(readFileSync(file, 'utf8'), '{"n":0}\n{"n":1}\n{"n":2}\n{"n":3}\n');
    const again = await JsonLines.open<{ n: number }>(file);
    assert.deepEqual(again.records.map(({ n }) => n), [0, 1, 2, 3]); // prettier-ignore
  });

  it('drops the torn last line, wherever it is torn, and goes on after the whole ones', async () => {
    const whole = '{"text":"å"}\n{"text":"bb"}\n';
    const next = Buffer.from('{"text":"\u{1f600}"}\n');
    for (let kept = 0; kept < next.length; kept++) {
      const file = at('torn.jsonl');
      writeFileSync(file, Buffer.concat([Buffer.from(whole), next.subarray(0, kept)]));
      assert.equal((await readJsonLines(file)).length, 2);
      const lines = await JsonLines.open<{ text: string }>(file);
      assert.deepEqual(lines.records, [{ text: 'å' }, { text: 'bb' }]);
      await lines.append({ text: 'c' });
      assert.equal(readFileSync(file, 'utf8'), `${whole}{"text":"c"}\n`);
    }
  });

  it('names file and line of what is no JSON object', async () => {
    const file = at('bad.jsonl');
    for (const bad of ['', 'x', '3', '[1]', 'null', '{"a":']) {
      writeFileSync(file, `{"a":1}\n${bad}\n{"a":2}\n`);
      await assert.rejects(JsonLines.open(file), (error) => {
        assert.ok(error instanceof JsonLinesError);
        assert.deepEqual([error.file, error.line], [file, 2]);
        return true;
      });
    }
  });

  it('reads back what it wrote, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 }), async (values) => {
        const file = at('any.jsonl');
        writeFileSync(file, '');
        const lines = await JsonLines.open(file);
        for (const value of values) await lines.append(value);
        const expected = values.map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        assert.deepEqual(await readJsonLines(file), expected);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
