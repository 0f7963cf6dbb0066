import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { getNodeValue, parseTree } from 'jsonc-parser';
import {
  manifestDocument,
  manifestDocumentFile,
  manifestSchema,
  manifestSchemaFile,
} from '../../../scripts/lib/manifestDocument';
import { isSaidBySchema } from '../../../server/src/jobs/manifest/problem';
import { readManifest } from '../../../server/src/jobs/manifest/readManifest';

const text = (file: string): string => readFileSync(file, 'utf8').replaceAll('\r\n', '\n');

describe('what is written about graphnad.json', function () {
  this.timeout(30_000);

  it('is what the program knows of it now; if not, run `node scripts/run.mjs manifest`', async () => {
    assert.equal(text(manifestSchemaFile), await manifestSchema());
    assert.equal(text(manifestDocumentFile), await manifestDocument());
  });

  it('has an example without a mistake', () => {
    const [, example] = /```jsonc\n([^]*?)```/.exec(text(manifestDocumentFile)) ?? assert.fail('no example');
    assert.deepEqual(readManifest(example).problems, []);
  });
});

describe('the JSON schema of graphnad.json', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(
    JSON.parse(text(manifestSchemaFile)) as Record<string, unknown>,
  );
  const cases = [
    '{}',
    '[]',
    '{"seed": 0, "failOn": "never"}',
    '{"seed": -1}',
    '{"seed": 4294967296}',
    '{"seed": 0.5}',
    '{"sede": 1}',
    '{"failOn": "information"}',
    '{"data": {"folder": "d", "features": "auto"}}',
    '{"data": {"folder": ""}}',
    '{"data": {"features": "labels"}}',
    '{"data": "d"}',
    '{"severities": {"GN102": "error", "GN906": "error"}}',
    '{"severities": {"GN101": "error"}}',
    '{"severities": {"GN102": "information"}}',
    '{"purify": {"holdingRate": 1, "method": "anp", "options": {}}}',
    '{"purify": {"holdingRate": 0}}',
    '{"purify": {"options": []}}',
    '{"models": [{"model": "a.pt", "architecture": {"kind": "gatv2", "eps": [0.5], "batchNorm": true, "heads": 2}}]}',
    '{"models": [{"model": "a.pt", "architecture": {"classes": 1}}]}',
    '{"models": [{"model": "a.pt", "architecture": {"eps": ["x"]}}]}',
    '{"models": [{"model": "a.pt", "classNames": ["a", "b"], "trigger": "t.json", "benign": "b.pt"}]}',
    '{"models": [{"model": "a.pt", "classNames": [1]}]}',
    '{"models": [{}]}',
    '{"models": {}}',
  ];

  for (const manifest of cases) {
    it(`agrees with the program on ${manifest}`, () => {
      const problems = readManifest(manifest).problems.filter(isSaidBySchema);
      const value: unknown = getNodeValue(parseTree(manifest) ?? assert.fail());
      assert.equal(validate(value), problems.length === 0, JSON.stringify([validate.errors, problems]));
    });
  }
});
