import assert from 'node:assert/strict';
import type { Finding, FindingCode, Severity } from '../../../protocol/findings';
import { verdictInWords } from '../../../server/src/report/modelVerdict';
import { evidence } from '../../support/reports';

const finding = (code: FindingCode, severity: Severity): Finding => ({ code, severity, message: code, details: [] });
const noSign = { backdoor: { kind: 'no-sign', evidence } } as const;
const likely = { backdoor: { kind: 'likely', evidence } } as const;
const unknown = { backdoor: { kind: 'not-assessed', reason: 'no data' } } as const;

describe('verdictInWords', () => {
  it('puts code before everything, and still says what is known of the behaviour', () => {
    assert.deepEqual(verdictInWords([finding('GN101', 'error'), finding('GN904', 'information')], unknown), {
      verdict: 'dangerous',
      text: 'runs code when it is loaded; not assessed for backdoors: no data',
      severity: 'error',
    });
    assert.match(verdictInWords([finding('GN103', 'error')], noSign).text, /^malformed container; no sign/);
  });

  it('is as sure of a backdoor as the finding', () => {
    assert.deepEqual(verdictInWords([finding('GN201', 'error')], likely), {
      verdict: 'likely',
      text: 'likely backdoored toward class 1',
      severity: 'error',
    });
    assert.equal(verdictInWords([finding('GN201', 'warning')], likely).text, 'possibly backdoored toward class 1');
  });

  it('does not pass over warnings', () => {
    assert.deepEqual(verdictInWords([finding('GN202', 'warning'), finding('GN302', 'warning')], noSign), {
      verdict: 'suspicious',
      text: 'no sign of a backdoor found, but warnings (GN202, GN302)',
      severity: 'warning',
    });
  });

  it('never calls what was not assessed anything else', () => {
    assert.equal(verdictInWords([], unknown).verdict, 'not-assessed');
    assert.deepEqual(verdictInWords([{ ...finding('GN901', 'information'), message: 'Not assessed: too large' }]), {
      verdict: 'not-assessed',
      text: 'not assessed: too large',
      severity: 'information',
    });
    assert.deepEqual(verdictInWords([]), { verdict: 'not-assessed', text: 'not assessed' });
    assert.deepEqual(verdictInWords([], noSign), { verdict: 'no-sign', text: 'no sign of a backdoor found' });
  });

  it('says what the class is called, and how far finding nothing goes', () => {
    assert.equal(
      verdictInWords([finding('GN201', 'warning')], { ...likely, targetName: 'mutagen\n' }).text,
      'possibly backdoored toward class 1 "mutagen\\u{a}"',
    );
    const rates = { models: 20, findings: 17, errors: 9 };
    const measured = { scans: 'scans', clean: rates, backdoored: rates };
    const { text } = verdictInWords([], { backdoor: { kind: 'no-sign', evidence: { ...evidence, measured } } });
    assert.equal(text, 'no sign of a backdoor found; such scans missed 3 of 20 backdoored models');
  });

  it('says in a line that parts of the model are assumed, and leaves it to the finding what they are', () => {
    const reason = 'with what is assumed it is right on 48%: "architecture": {"readout":"sum"}';
    const assumed = { backdoor: { kind: 'not-assessed', reason, assumed: { readout: 'sum' } } } as const;
    const { verdict, text } = verdictInWords([finding('GN905', 'information')], assumed);
    assert.equal(verdict, 'not-assessed');
    assert.match(text, /^not assessed for backdoors: parts of its architecture are assumed/);
  });

  it('does not blame a purified model for what purification leaves, and calls it no less unassessed', () => {
    const purified = { backdoor: { kind: 'not-assessed', reason: 'r', purified: true } } as const;
    assert.deepEqual(verdictInWords([finding('GN905', 'information')], purified), {
      verdict: 'not-assessed',
      text: 'purified; nothing of its training is left for a scan to judge by (not assessed)',
      severity: 'information',
    });
  });
});
