import assert from 'node:assert/strict';
import path from 'node:path';
import { findingCodes, type Finding } from '../../../../protocol/findings';
import { Places } from '../../../../server/src/report/sarif/places';
import { plainText, resultsOf } from '../../../../server/src/report/sarif/results';
import { scanReport } from '../../../support/reports';

const root = path.resolve('/repository');
const finding = { code: 'GN101', severity: 'error', message: 'Runs os.system', details: ['It is called.'] } as const;

function resultOf(changes: Partial<Finding>): ReturnType<typeof resultsOf>[number] {
  const report = { ...scanReport, file: path.join(root, 'gin.pt'), findings: [{ ...finding, ...changes }] };
  return resultsOf(report, 0, root, new Places())[0];
}

describe('resultsOf', () => {
  it('has the message as a sentence, the evidence below it, and the level of the finding', () => {
    const result = resultOf({});
    assert.equal(result.message.text, 'Runs os.system.\nIt is called.');
    assert.deepEqual([result.kind, result.level], ['fail', 'error']);
    assert.equal(resultOf({ severity: 'information', code: 'GN303' }).level, 'note');
  });

  it('leaves open what was not assessed, and passes nothing', () => {
    for (const code of findingCodes) {
      const { kind, level } = resultOf({ code });
      assert.equal(kind, code.startsWith('GN9') ? 'open' : 'fail');
      // SARIF 2.1.0, 3.27.10: a result that is no failure has no level.
      assert.equal(level === 'none', kind === 'open');
    }
  });

  const firstLine = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

  it('names the entry and the byte in it, and means the whole file', () => {
    const [location] = resultOf({ place: { entry: 'gin/data.pkl', offset: 17 } }).locations ?? [];
    assert.deepEqual(location, {
      physicalLocation: {
        artifactLocation: { uri: 'gin.pt', uriBaseId: '%SRCROOT%', index: 0 },
        region: { ...firstLine, byteOffset: 0, byteLength: scanReport.bytes },
      },
      logicalLocations: [{ name: 'byte 17', fullyQualifiedName: 'gin/data.pkl/byte 17', kind: 'opcode', index: 1 }],
    });
  });

  it('means the very byte where it is one of the file itself', () => {
    const [location] = resultOf({ code: 'GN103', place: { offset: 17 } }).locations ?? [];
    assert.deepEqual(location.physicalLocation?.region, { ...firstLine, byteOffset: 17, byteLength: 1 });
    assert.equal(location.logicalLocations?.[0].kind, 'byte');
  });

  it('makes no link of a name that a stranger wrote', () => {
    const { text } = resultOf({ message: 'imports [click](https://evil.example)' }).message;
    assert.equal(text?.split('\n')[0], 'imports [click] (https://evil.example).');
    assert.equal(plainText('a[0] (b)'), 'a[0] (b)');
  });
});
