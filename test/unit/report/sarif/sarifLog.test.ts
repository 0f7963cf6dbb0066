import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { findingCodes, severities, type Finding } from '../../../../protocol/findings';
import type { ScanReport } from '../../../../protocol/reports';
import { sarifLog, type SarifOptions } from '../../../../server/src/report/sarif/sarifLog';
import { scanReport } from '../../../support/reports';
import { sarifChecker } from '../../../support/sarifSchema';

const root = path.resolve('/repository');
const options: SarifOptions = {
  version: '1.2.3',
  documentation: 'https://example.org/graphnad',
  root,
  category: 'graphnad/scan',
  exitCode: 1,
  exitCodeDescription: 'findings of severity error',
  unread: [],
};
const report: ScanReport = { ...scanReport, file: path.join(root, 'models', 'gin.pt') };
const notAssessed: ScanReport = {
  ...report,
  file: path.join(root, 'models', 'b c.pt'),
  architecture: undefined,
  backdoor: { kind: 'not-assessed', reason: 'no data', code: 'GN904' },
  findings: [{ code: 'GN904', severity: 'information', message: 'Not assessed for backdoors: no data', details: [] }],
};

describe('sarifLog', () => {
  const check = sarifChecker();

  it('is valid by the schema of OASIS', () => {
    assert.deepEqual(check(sarifLog([report, notAssessed], options)), []);
    assert.deepEqual(check(sarifLog([], options)), []);
    const unread = [{ file: path.join(root, 'locked.pt'), reason: 'reading it is not permitted' }];
    assert.deepEqual(check(sarifLog([report], { ...options, unread })), []);
  });

  it('is checked by a schema that finds mistakes', () => {
    const log = sarifLog([report], options);
    assert.notDeepEqual(check({ ...log, version: '2.0.0' }), []);
    const [run] = log.runs;
    const broken = run.results?.map((result) => ({ ...result, ruleIndex: 7 }));
    assert.notDeepEqual(check({ ...log, runs: [{ ...run, results: broken }] }), []);
    assert.notDeepEqual(check({ ...log, runs: [{ ...run, originalUriBaseIds: { a: { uri: 'not a uri' } } }] }), []);
  });

  it('is valid for any finding about any file', () => {
    const places = fc.record(
      { entry: fc.string(), tensor: fc.string(), layer: fc.integer({ min: 1, max: 9 }), offset: fc.nat() },
      { requiredKeys: [] },
    );
    const findings: fc.Arbitrary<Finding> = fc.record(
      {
        code: fc.constantFrom(...findingCodes),
        severity: fc.constantFrom(...severities),
        message: fc.string({ unit: 'binary' }),
        details: fc.array(fc.string()),
        place: places,
        subject: fc.string(),
      },
      { requiredKeys: ['code', 'severity', 'message', 'details'] },
    );
    const names = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((name) => !/[\0/\\]/.test(name) && !/^\.+$/.test(name));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, fc.array(findings)), { selector: ([name]) => name }), (files) => {
        const reports = files.map(([name, some]) => ({ ...report, file: path.join(root, name), findings: some }));
        assert.deepEqual(check(sarifLog(reports, options)), []);
      }),
      { numRuns: 60 },
    );
  });

  it('lists every scanned file with its hash and verdict, also one without findings', () => {
    const { artifacts, originalUriBaseIds } = sarifLog([notAssessed, { ...report, findings: [] }], options).runs[0];
    assert.equal(originalUriBaseIds?.['%SRCROOT%'].uri, `${pathToFileURL(root).href}/`);
    assert.deepEqual(
      artifacts?.map(({ location, hashes, roles, properties }) => [
        location,
        hashes,
        roles,
        properties?.backdoor as string,
        properties?.notAssessedBecause as string | undefined,
      ]),
      [
        [
          { uri: 'models/b%20c.pt', uriBaseId: '%SRCROOT%' },
          { 'sha-256': report.sha256 },
          ['analysisTarget'],
          'not-assessed',
          'no data',
        ],
        [
          { uri: 'models/gin.pt', uriBaseId: '%SRCROOT%' },
          { 'sha-256': report.sha256 },
          ['analysisTarget'],
          'likely',
          undefined,
        ],
      ],
    );
  });

  it('says how the scan ended, and under which name services keep its results', () => {
    const { invocations, automationDetails } = sarifLog([report], options).runs[0];
    assert.deepEqual(invocations, [
      { executionSuccessful: true, exitCode: 1, exitCodeDescription: 'findings of severity error' },
    ]);
    assert.deepEqual(automationDetails, { id: 'graphnad/scan/' });
  });

  it('does not call a scan successful that read a file not, or none at all', () => {
    const unread = [{ file: path.join(root, 'locked.pt'), reason: 'reading it is not permitted' }];
    const [partial] = sarifLog([report], { ...options, unread }).runs[0].invocations ?? [];
    assert.equal(partial.executionSuccessful, false);
    const [notification] = partial.toolExecutionNotifications ?? [];
    assert.equal(notification.message.text, 'Not scanned: reading it is not permitted.');
    assert.equal(notification.locations?.[0].physicalLocation?.artifactLocation?.uri, 'locked.pt');
    const [nothing] = sarifLog([], options).runs[0].invocations ?? [];
    assert.equal(nothing.executionSuccessful, false);
    assert.equal(nothing.toolConfigurationNotifications?.length, 1);
  });

  it('holds nothing that changes from run to run', () => {
    const text = JSON.stringify(sarifLog([report, notAssessed], options));
    assert.equal(text, JSON.stringify(sarifLog([report, notAssessed], options)));
    assert.doesNotMatch(text, /"(startTimeUtc|endTimeUtc|guid|processId)"/);
  });
});
