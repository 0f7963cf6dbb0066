import assert from 'node:assert/strict';
import fc from 'fast-check';
import { purificationMethods, settingsOf } from '../../../../server/src/defense/options';
import type { ManifestProblem } from '../../../../server/src/jobs/manifest/problem';
import {
  ManifestError,
  parseArchitecture,
  parseManifest,
  placeAt,
  readManifest,
} from '../../../../server/src/jobs/manifest/readManifest';
import { processorTime } from '../../../support/processorTime';

describe('reading a manifest', () => {
  const problems = (text: string): ManifestProblem[] => [...readManifest(text).problems];
  /** Each problem as `code: the text it is at`. */
  const found = (text: string): string[] =>
    problems(text).map(({ code, offset, length }) => `${code}: ${text.slice(offset, offset + length)}`);

  it('takes comments and trailing commas, and wants a value', () => {
    const text = `{
      // which data
      "data": { "folder": "data/AIDS", "features": "labels" },
      "models": [ /* one */ { "model": "gin.pt", "architecture": { "readout": "mean", "eps": [0, 0.5] } }, ],
    }`;
    assert.deepEqual(problems(text), []);
    const { architecture } = parseManifest(text, 'graphnad.json').models?.[0] ?? assert.fail();
    assert.deepEqual({ ...architecture }, { readout: 'mean', eps: [0, 0.5] });
    assert.deepEqual(found('// nothing yet'), ['syntax: ']);
  });

  it('takes an architecture that stands alone, by the same rules', () => {
    const parts = '{ "norm": "batch", /* as written */ "tensors": { "enc": "convs.0" } }';
    const { norm, tensors } = parseArchitecture(parts, 'arch.json');
    assert.deepEqual([norm, { ...tensors }], ['batch', { enc: 'convs.0' }]);
    const refused = (text: string, message: RegExp): void =>
      assert.throws(() => parseArchitecture(text, 'arch.json'), { name: 'ManifestError', message });
    refused('{"norm": "batches"}', /^arch\.json: line 1, column 10: "batches" is not known here; there are batch, /);
    refused('{"seed": 1}', /"seed" is not known here; there are kind, /);
    refused('', /Expected a value/);
    refused('['.repeat(200), /more than 100 deep/);
  });

  it('points at what has the wrong form', () => {
    assert.deepEqual(found('{"sede": 1}'), ['unknown-property: "sede"']);
    assert.deepEqual(found('{"seed": -1}'), ['value: -1']);
    assert.deepEqual(found('{"seed": 1.5}'), ['value: 1.5']);
    assert.deepEqual(found('{"seed": "1"}'), ['type: "1"']);
    assert.deepEqual(found('{"data": {}}'), ['missing-property: {']);
    assert.deepEqual(found('{"data": {"folder": ""}}'), ['value: ""']);
    assert.deepEqual(found('{"purify": {"holdingRate": 0}}'), ['value: 0']);
    assert.deepEqual(found('{"models": {}}'), ['type: {}']);
    assert.deepEqual(found('[]'), ['type: []']);
    assert.deepEqual(found('{"seed": 1, "seed": 2}'), ['syntax: "seed"']);
    assert.deepEqual(found('{"models": [{"model": "a.pt", "architecture": {"kind": "gni"}}]}'), ['value: "gni"']);
  });

  it('never lets findings about code be made milder', () => {
    assert.deepEqual(found('{"severities": {"GN101": "information"}}'), ['unknown-property: "GN101"']);
    assert.deepEqual(found('{"severities": {"GN102": "information"}}'), ['value: "information"']);
    assert.deepEqual(found('{"severities": {"GN102": "error", "GN202": "information", "GN904": "error"}}'), []);
  });

  it('takes names of tensors freely, but no two for the same', () => {
    const tensors = (text: string): string[] =>
      found(`{"models": [{"model": "a.pt", "architecture": {"tensors": ${text}}}]}`);
    assert.deepEqual(tensors('{"encoder.a.fc": "convs.0.nn.0", "__proto__": "lin"}'), []);
    assert.deepEqual(tensors('{"a": "lin", "b": "lin"}'), ['tensor: "lin"']);
    assert.deepEqual(tensors('{"a": "lin", "a": "fc"}'), ['syntax: "a"']);
    assert.deepEqual(tensors('{"a": ""}'), ['value: ""']);
    assert.deepEqual(tensors('{"": "lin"}'), ['value: "lin"']);
    assert.deepEqual(tensors('{"a": 1}'), ['type: 1']);
    assert.deepEqual(tensors('["lin"]'), ['type: ["lin"]']);
    assert.match(
      problems('{"models": [{"model": "a.pt", "architecture": {"tensors": {"a": "lin", "b": "lin"}}}]}')[0].message,
      /^"a" is called "lin" already$/,
    );
  });

  it('says what was probably meant', () => {
    assert.deepEqual(problems('{"sede": 1}')[0].instead, ['seed']);
    assert.deepEqual(problems('{"failOn": "wraning"}')[0].instead, ['warning']);
    assert.deepEqual(problems('{"purify": {"options": {"teacherRound": 3}}}')[0].instead?.[0], 'teacherRounds');
    assert.equal(problems('{"quite something else": 1}')[0].instead, undefined);
  });

  it('holds options to the method that goes with them', () => {
    const options = (purify: object, all: object = {}): string[] =>
      found(JSON.stringify({ purify: all, models: [{ model: 'a.pt', purify }] }));
    assert.deepEqual(options({ options: { teacherRounds: 3 } }), []);
    assert.deepEqual(options({ options: { teacherRounds: 3 } }, { method: 'finetune' }), ['option: "teacherRounds"']);
    assert.deepEqual(options({ method: 'graphnad', options: { teacherRounds: 3 } }, { method: 'finetune' }), []);
    assert.deepEqual(options({ options: { teacherRounds: 0 } }), ['option: 0']);
    for (const method of purificationMethods) {
      const defaults = Object.entries(settingsOf[method]).map(([name, setting]) => [name, setting.default]);
      assert.deepEqual(options({ method, options: Object.fromEntries(defaults) as object }), []);
    }
  });

  it('finds models that are named twice', () => {
    const text = '{"models": [{"model": "a.pt"}, {"model": "b.pt"}, {"model": "./a.pt"}]}';
    assert.deepEqual(found(text), ['duplicate-model: "./a.pt"']);
  });

  it('reads nothing that would take the program down, or keep it busy', () => {
    const nested = (depth: number): string => `{"models": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    assert.deepEqual(found(nested(100_000)), ['limit: [']);
    assert.ok(!found(nested(50)).includes('limit: ['));
    assert.ok(!found(`{"models": [{"model": "${'['.repeat(200)}"}]} // ${'['.repeat(200)}`).includes('limit: ['));
    assert.deepEqual(found(' '.repeat(2 ** 20 + 1)), ['limit:  ']);
    const list = (count: number, entry: (i: number) => string): string =>
      JSON.stringify({ models: Array.from({ length: count }, (_, i) => ({ model: entry(i) })) });
    assert.deepEqual(found(list(400, (i) => `runs/${i}/*.pt`)), []);
    assert.deepEqual(found(list(4000, (i) => `a*${i}`)).length, 1);
    const names = Array.from({ length: 60_000 }, (_, i) => `"a${i}": 1`);
    const time = processorTime(() => assert.ok(found(`{${names.join(', ')}}`).length <= 1000));
    assert.ok(time < 5000, `${time} ms`);
  });

  it('throws the first error with its place', () => {
    assert.throws(
      () => parseManifest('{\n  "seed": -1,\n  "x": 1\n}', 'w/graphnad.json'),
      (error) =>
        error instanceof ManifestError &&
        error.message === 'w/graphnad.json: line 2, column 11: Expected a whole number from 0 to 4294967295, found -1',
    );
    assert.equal(placeAt('a\nbc', 3), 'line 2, column 2');
  });

  it('never throws while somebody types, and stays inside of the text', () => {
    const whole =
      '{"seed": 1, "data": {"folder": "d"}, "models": [{"model": "a*.pt", "purify": {"options": {"batch": 3}}}]}';
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 4 }), (a, b, typed) => {
        const text = whole.slice(0, Math.min(a, b)) + typed + whole.slice(Math.max(a, b));
        for (const { offset, length } of problems(text)) assert.ok(offset >= 0 && offset + length <= text.length + 1);
      }),
    );
  });
});
