import assert from 'node:assert/strict';
import type { Finding, FindingCode, Severity } from '../../../../protocol/findings';
import type { ManifestSeverities } from '../../../../protocol/manifest';
import type { BackdoorEvidence } from '../../../../protocol/reports';
import { verdictInWords } from '../../../../server/src/report/modelVerdict';
import { withSeverities } from '../../../../server/src/jobs/manifest/severities';

describe('severities of a manifest', () => {
  const changed = (code: FindingCode, severity: Severity, severities?: ManifestSeverities): Finding => {
    const findings: readonly Finding[] = [{ code, severity, message: 'm', details: ['d'] }];
    return withSeverities({ findings }, { manifest: '/w/graphnad.json', severities }).findings[0];
  };

  it('are given, and said to be', () => {
    assert.deepEqual(changed('GN202', 'warning', { GN202: 'information' }), {
      code: 'GN202',
      severity: 'information',
      judged: 'warning',
      message: 'm',
      details: ['d', 'graphnad.json makes this information; without it, it is a warning.'],
    });
    assert.equal(changed('GN904', 'information', { GN904: 'error' }).severity, 'error');
  });

  it('change no verdict', () => {
    const verdict = (finding: Finding): string => {
      const evidence = { target: 1 } as BackdoorEvidence;
      return verdictInWords([finding], { backdoor: { kind: 'likely', evidence } }).text;
    };
    const milder = changed('GN201', 'error', { GN201: 'information' });
    assert.equal(milder.severity, 'information');
    assert.equal(verdict(milder), 'likely backdoored toward class 1');
    assert.equal(verdict(changed('GN201', 'warning', { GN201: 'error' })), 'possibly backdoored toward class 1');
    const open = verdictInWords([changed('GN904', 'information', { GN904: 'error' })], {
      backdoor: { kind: 'not-assessed', reason: 'r' },
    });
    assert.equal(open.verdict, 'not-assessed');
    const imported = verdictInWords([changed('GN102', 'warning', { GN102: 'error' })], { backdoor: { kind: 'no-sign', evidence: { target: 1 } as BackdoorEvidence } }); // prettier-ignore
    assert.equal(imported.verdict, 'suspicious', 'not dangerous');
  });

  it('leave alone what they do not name', () => {
    assert.deepEqual(changed('GN202', 'warning', { GN202: 'warning' }).details, ['d']);
    assert.equal(changed('GN202', 'warning', { GN203: 'error' }).severity, 'warning');
    assert.equal(changed('GN202', 'warning').severity, 'warning');
  });

  it('make findings about code graver, never milder', () => {
    assert.equal(changed('GN102', 'warning', { GN102: 'error' }).severity, 'error');
    for (const code of ['GN101', 'GN102', 'GN103'] as const) {
      assert.equal(changed(code, 'error', { [code]: 'information' }).severity, 'error');
    }
  });
});
