import assert from 'node:assert/strict';
import { ImportLog, isPlausible, isSpelledOut } from '../../../../server/src/checkpoint/pickle/importLog';
import { PickleTuple } from '../../../../server/src/checkpoint/pickle/values';

describe('ImportLog', () => {
  it('keeps every call with words of its own, and one of those with numbers', () => {
    const log = new ImportLog();
    const popen = log.add('subprocess', 'Popen', 3);
    for (const name of ['a', 'b', 'a']) log.noteCall(popen, [new PickleTuple(['sh', '-c', name])], 9);
    const rebuild = log.add('torch._utils', '_rebuild_tensor_v2', 20);
    for (let i = 0; i < 100; i++) log.noteCall(rebuild, [i, new PickleTuple([i])], 30);
    assert.deepEqual(
      log.imports.map(({ name, argumentsText }) => `${name}(${argumentsText ?? ''})`),
      ['Popen(("sh", "-c", "a"))', 'Popen(("sh", "-c", "b"))', '_rebuild_tensor_v2(0, (0,))'],
    );
  });

  it('writes calls of results one behind the other', () => {
    const log = new ImportLog();
    log.noteCallOfResult(log.add('builtins', 'getattr', 1), [['x', 'y'], ['z']], 5);
    assert.equal(log.imports[1].argumentsText, '"x", "y")("z"');
  });
});

describe('plausible imports', () => {
  const record = (module: string, name: string) => ({ module, name, offset: 0, called: false });

  it('have names that Python could find', () => {
    for (const [module, name] of [
      ['os', 'system'],
      ['m\u00f6dul', 'n\u00e4me'],
    ]) {
      assert.ok(isPlausible(record(module, name)) && isSpelledOut(record(module, name)));
    }
    for (const name of ['a b', '', '\0', 'x'.repeat(70_000)]) assert.ok(!isPlausible(record('os', name)), name);
  });

  it('are spelled out where the stream has both names', () => {
    for (const path of [record('(computed)', 'x'), record('copyreg', '_inverted_registry[3]')]) {
      assert.ok(isPlausible(path) && !isSpelledOut(path));
    }
  });
});
