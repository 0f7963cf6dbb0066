import assert from 'node:assert/strict';
import type { Finding } from '../../../../protocol/findings';
import { fingerprints } from '../../../../server/src/report/sarif/fingerprints';

const sha256 = 'ab'.repeat(32);
const call: Finding = {
  code: 'GN101',
  severity: 'error',
  message: 'Loading this file runs os.system("id") at byte 17 of gin/data.pkl',
  details: [],
  place: { entry: 'gin/data.pkl', offset: 17 },
  subject: 'os.system("id")',
};
const unknown: Finding = { ...call, code: 'GN102', severity: 'warning', subject: '__main__.GIN' };
const backdoor: Finding = {
  code: 'GN201',
  severity: 'error',
  message: 'Likely backdoored toward class 1',
  details: [],
};

describe('fingerprints', () => {
  it('tell the findings of a file apart, equal ones too', () => {
    const all = fingerprints({ sha256, findings: [call, unknown, backdoor, { ...call, subject: 'eval' }, call] });
    assert.equal(new Set(all).size, all.length);
    for (const fingerprint of all) assert.match(fingerprint, /^[0-9a-f]{32}:\d+$/);
  });

  it('stay the same when words, figures and places change', () => {
    const other = (finding: Finding): Finding => ({
      ...finding,
      severity: 'warning',
      message: 'in other words, with another seed',
      details: ['and more of it'],
      place: { entry: 'archive/data.pkl', offset: 99 },
    });
    const findings = [call, unknown, backdoor];
    assert.deepEqual(fingerprints({ sha256, findings: findings.map(other) }), fingerprints({ sha256, findings }));
  });

  it('do not depend on findings of other kinds', () => {
    assert.equal(
      fingerprints({ sha256, findings: [unknown, backdoor] })[1],
      fingerprints({ sha256, findings: [backdoor] })[0],
    );
  });

  it('belong to the content of the file, but for names outside the known-safe list', () => {
    const findings = [call, unknown, backdoor];
    const [here, there] = [sha256, 'cd'.repeat(32)].map((hash) => fingerprints({ sha256: hash, findings }));
    assert.deepEqual(
      here.map((fingerprint, i) => fingerprint === there[i]),
      [false, true, false],
    );
  });

  it('are the ones that services have stored', () => {
    assert.deepEqual(fingerprints({ sha256, findings: [unknown] }), ['388b4a4368b01230a0b97b0aa755a9ba:1']);
  });
});
