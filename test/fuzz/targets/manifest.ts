import assert from 'node:assert/strict';
import { ManifestError, parseManifest, readManifest } from '../../../server/src/jobs/manifest/readManifest';
import { entryOf } from '../../../server/src/jobs/manifest/modelEntry';
import { readOrRefused } from '../checks/refusal';
import { jsonMutator } from '../mutators/json';
import { jsonInput, textInput } from '../samples/files';
import type { FuzzTarget } from '../target';

const whole = {
  models: [
    {
      model: 'models/*.pt',
      data: 'data/AIDS',
      cleanIds: 'ids.json',
      trigger: 'trigger.json',
      architecture: { readout: 'mean', tensors: { 'encoder.a': 'convs.0' } },
      purify: { method: 'graphnad', options: { epochs: 3 }, seed: 1, output: 'clean.pt' },
    },
  ],
  scan: { seed: 2 },
  severities: { GN101: 'off' },
};

export const target: FuzzTarget = {
  title: 'graphnad.json',
  code: /^server\/src\/jobs\/manifest\/(readManifest|checkShape|visitShape|modelEntry|modelPattern|similarWords)/,
  seeds: () => [
    jsonInput(whole),
    jsonInput({ models: [{ model: '{a,b}/**/[c-d]?.pt' }, { model: 'a' }, { model: './a' }] }),
    textInput('// a comment\n{"models": [{"model": "a.pt",},], /* and */ }'),
    textInput(''),
  ],
  mutate: jsonMutator([
    ...['models', 'model', 'data', 'cleanIds', 'testIds', 'trigger', 'architecture', 'tensors', 'purify', 'method'],
    ...['options', 'output', 'scan', 'severities', 'graphnad', '**/*.pt', '{a,b}{c,d}', '[!a]', '//', '/*', '*/'],
  ]),
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    const { problems } = readManifest(text);
    for (const { offset, length } of problems) {
      assert.ok(offset >= 0 && length >= 0 && offset <= text.length, 'a problem has a place in the text');
    }
    const { value: manifest, refusal } = readOrRefused([ManifestError], () => parseManifest(text, 'graphnad.json'));
    if (manifest === undefined) return refusal;
    entryOf(manifest, 'models/a.pt');
    return problems.length === 0 ? 'read' : 'read, with remarks';
  },
};
