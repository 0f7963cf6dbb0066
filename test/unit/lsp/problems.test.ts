import assert from 'node:assert/strict';
import type { Finding, FindingCode, Severity } from '../../../protocol/findings';
import { chooseProblems, type ModelFindings, type SeverityRules } from '../../../server/src/lsp/problems';

const finding = (code: FindingCode, severity: Severity, message: string = code): Finding => ({
  ...{ code, severity, message, details: [] },
});
const bad = finding('GN101', 'error');
const weak = finding('GN202', 'warning');
const noData = finding('GN904', 'information', 'Not assessed: no data');
const model = (file: string, findings: Finding[], rules: SeverityRules = {}): ModelFindings => ({
  ...{ file, findings, rules },
});

describe('chooseProblems', () => {
  it('lists every finding of few models as it is', () => {
    const { listed, unlisted } = chooseProblems([model('/a.pt', [bad, noData]), model('/b.pt', [])], 0);
    assert.deepEqual(Object.fromEntries(listed), {
      '/a.pt': [
        { index: 0, severity: 'error', others: [] },
        { index: 1, severity: 'information', others: [] },
      ],
    });
    assert.equal(unlisted, 0);
  });

  it('takes severities from the rules of the file, and counts what they switch off', () => {
    const { listed, unlisted } = chooseProblems(
      [model('/a.pt', [bad, weak], { GN101: 'warning', GN202: 'off' }), model('/b.pt', [bad])],
      0,
    );
    assert.deepEqual(
      [...listed].map(([file, problems]) => [file, problems.map(({ severity }) => severity)]),
      [
        ['/a.pt', ['warning']],
        ['/b.pt', ['error']],
      ],
    );
    assert.equal(unlisted, 1);
  });

  it('says once for a folder why its models were not assessed', () => {
    const files = ['/m/d.pt', '/m/b.pt', '/m/a.pt', '/m/c.pt'];
    const other = finding('GN904', 'information', 'Not assessed: another reason');
    const { listed, unlisted } = chooseProblems(
      [...files.map((file) => model(file, [noData])), model('/n/a.pt', [noData]), model('/m/e.pt', [bad, other])],
      0,
    );
    assert.deepEqual(Object.fromEntries(listed), {
      '/m/a.pt': [{ index: 0, severity: 'information', others: ['/m/b.pt', '/m/c.pt', '/m/d.pt'] }],
      '/n/a.pt': [{ index: 0, severity: 'information', others: [] }],
      '/m/e.pt': [
        { index: 0, severity: 'error', others: [] },
        { index: 1, severity: 'information', others: [] },
      ],
    });
    assert.equal(unlisted, 0);
  });

  it('joins neither three models nor what somebody wants to be louder', () => {
    const few = ['/m/a.pt', '/m/b.pt', '/m/c.pt'].map((file) => model(file, [noData]));
    assert.equal(chooseProblems(few, 0).listed.size, 3);
    const loud = ['/a.pt', '/b.pt', '/c.pt', '/d.pt'].map((file) => model(file, [noData], { GN904: 'warning' }));
    assert.equal(chooseProblems(loud, 0).listed.size, 4);
  });

  it('says once for a folder that many models were not assessed for reasons of one kind', () => {
    const unknown = (i: number): Finding => finding('GN902', 'information', `no such tensor: ${i}`);
    const models = Array.from({ length: 9 }, (_, i) => model(`/m/${i}.pt`, [unknown(i)]));
    assert.equal(chooseProblems(models, 0).listed.size, 9);
    const alike = ['a', 'b', 'c', 'd'].map((name) => model(`/m/${name}.pt`, [unknown(9)]));
    const { listed } = chooseProblems([...models, ...alike, model('/m/z.pt', [noData])], 0);
    assert.deepEqual([...listed.keys()], ['/m/0.pt', '/m/z.pt']);
    const [line] = listed.get('/m/0.pt') ?? [];
    assert.equal(line.isMixed, true);
    assert.deepEqual(line.others, [
      ...['1', '2', '3', '4', '5', '6', '7', '8', 'a', 'b', 'c', 'd'].map((name) => `/m/${name}.pt`),
    ]);
  });

  it('keeps the worst where there is no room for all, and says how many are missing', () => {
    const models = [model('/a.pt', [weak]), model('/b.pt', [noData, bad]), model('/c.pt', [weak])];
    const { listed, unlisted } = chooseProblems(models, 2);
    assert.deepEqual(Object.fromEntries(listed), {
      '/b.pt': [{ index: 1, severity: 'error', others: [] }],
      '/a.pt': [{ index: 0, severity: 'warning', others: [], omitted: 2 }],
    });
    assert.equal(unlisted, 2);
  });

  it('lists few lines for a thousand models, in little time', () => {
    const models = Array.from({ length: 1000 }, (_, i) => model(`/f${i % 10}/${i}.pt`, [noData]));
    const start = process.cpuUsage();
    const { listed } = chooseProblems(models, 500);
    assert.equal(listed.size, 10);
    assert.ok(process.cpuUsage(start).user < 200_000);
  });
});
