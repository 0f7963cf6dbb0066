import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mock } from 'node:test';
import { ProgressTable, stateText, tableLines, type RunState } from '../../../server/src/cli/progressTable';

const state: RunState = {
  ...{ unit: 'models', done: 12, total: 96, failed: 1, rate: 3.44, secondsLeft: 1470 },
  running: [
    { name: 'gin.pt', stage: 'Backdoor scan', fraction: 0.435 },
    { name: 'zoo/gat.pt', stage: 'Search', fraction: 0.07 },
  ],
};

describe('the table of progress', () => {
  it('counts in its first line, as far as there is something to count', () => {
    assert.equal(stateText(state), '12 of 96 models, 1 failed, 2 running, 3.4 a minute, 25 min left');
    assert.equal(stateText({ unit: 'cells', done: 0, total: 4, failed: 0, running: [] }), '0 of 4 cells, 0 running');
    assert.match(stateText({ ...state, rate: 123.4, secondsLeft: 0.2 }), /123 a minute, 1 s left/);
    assert.match(stateText({ ...state, rate: 0.0342, secondsLeft: 8640 }), /0\.034 a minute, 2\.4 h left/);
  });

  it('lists what runs, with stage and percent below each other', () => {
    assert.deepEqual(tableLines(state).slice(1), [
      '  gin.pt      Backdoor scan  44%',
      '  zoo/gat.pt  Search          7%',
    ]);
    assert.deepEqual(tableLines({ ...state, running: [{ name: 'train AIDS' }] }).slice(1), ['  train AIDS']);
  });

  it('shows as many as fit, and how many more there are', () => {
    const running = Array.from({ length: 30 }, (_, i) => ({ name: `${i}.pt` }));
    const lines = tableLines({ ...state, running }, 80, 6);
    assert.deepEqual(lines.slice(1), ['  0.pt', '  1.pt', '  2.pt', '  and 27 more']);
    assert.equal(tableLines({ ...state, running }, 80, 100).length, 11);
  });

  it('keeps the end of a name that is too long, and steers no terminal', () => {
    const long = { name: `models/${'epoch/'.repeat(40)}gin.pt`, stage: 'Backdoor scan', fraction: 1 };
    const [, line] = tableLines({ ...state, running: [long] }, 60);
    assert.match(line, /^ {2}….*epoch\/gin\.pt {2}Backdoor scan {2}100%$/);
    const [, hostile] = tableLines({ ...state, running: [{ name: '\u001b[2J\n.pt', stage: '\u202eabc' }] });
    assert.match(hostile, /\\u\{1b\}\[2J\\u\{a\}\.pt {2}\\u\{202e\}abc/);
  });

  it('is never as wide or as high as the terminal, which would scroll', () => {
    const job = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 200 }),
      stage: fc.option(fc.string({ unit: 'binary', maxLength: 60 }), { nil: undefined }),
      fraction: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    });
    const size = fc.record({ columns: fc.integer({ min: 22, max: 200 }), rows: fc.integer({ min: 2, max: 60 }) });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 20 }), size, (running, { columns, rows }) => {
        const lines = tableLines({ ...state, running }, columns, rows);
        assert.ok(lines.length < Math.max(rows, 2));
        for (const line of lines) assert.ok([...line].length < columns, line);
      }),
      { numRuns: 60 },
    );
  });

  it('is a line a minute at most where nobody looks at a terminal', () => {
    let written = '';
    const write = mock.method(process.stderr, 'write', (text: string | Uint8Array) => {
      written += String(text);
      return true;
    });
    let now = 0;
    const clock = mock.method(performance, 'now', () => now);
    const { isTTY } = process.stderr;
    process.stderr.isTTY = false;
    try {
      const table = new ProgressTable();
      for (now = 0; now <= 150_000; now += 1000) table.update(() => state);
      table.done();
    } finally {
      process.stderr.isTTY = isTTY;
      clock.mock.restore();
      write.mock.restore();
    }
    assert.equal(written, `graphnad: ${stateText(state)}\n`.repeat(2));
  });
});
