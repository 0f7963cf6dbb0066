import assert from 'node:assert/strict';
import { purifyMessage, scanAllMessage, scanMessage } from '../../../client/messages';
import type { Finding } from '../../../protocol/findings';
import type { BackdoorVerdict, PurifyReport, ScanReport } from '../../../protocol/reports';
import { evidence, purifyReport, scanReport } from '../../support/reports';

const danger: Finding = {
  code: 'GN101',
  severity: 'error',
  message: 'Loading this file runs os.system',
  details: [],
};

function report(backdoor: BackdoorVerdict, findings: readonly Finding[] = []): ScanReport {
  return { ...scanReport, backdoor, findings };
}

const likely: BackdoorVerdict = { kind: 'likely', evidence };
const noSign: BackdoorVerdict = { kind: 'no-sign', evidence };
const notAssessed: BackdoorVerdict = { kind: 'not-assessed', reason: 'no data set with 38 node features was found' };

describe('scanMessage', () => {
  const suspicious = (severity: Finding['severity']): Finding => ({ ...danger, code: 'GN201', severity });

  it('warns of a likely backdoor with its evidence', () => {
    assert.deepEqual(scanMessage('m.pt', report(likely, [suspicious('error')])), {
      text: 'm.pt is likely backdoored toward class 1: suspicion 0.94, estimated ASR 97% (91-99%).',
      level: 'warning',
    });
  });

  it('is no surer than the finding, and says that graphs were made up', () => {
    const { text } = scanMessage('m.pt', report(likely, [suspicious('warning')]));
    assert.match(text, /^m\.pt is possibly backdoored toward class 1: /);
    const made: BackdoorVerdict = { kind: 'likely', evidence: { ...evidence, syntheticGraphs: 48 } };
    assert.match(scanMessage('m.pt', report(made, [suspicious('warning')])).text, /, both on made-up graphs\.$/);
  });

  it('does not keep weak evidence back where there is no other', () => {
    const { text } = scanMessage('m.pt', report(noSign, [{ ...danger, code: 'GN203', severity: 'warning' }]));
    assert.equal(text, 'No sign of a backdoor found in m.pt (scan of 45 clean graphs), but weak evidence (GN203).');
  });

  it('says what was scanned where nothing was found, and never that a model is safe or clean', () => {
    const { text, level } = scanMessage('m.pt', report(noSign));
    assert.equal(text, 'No sign of a backdoor found in m.pt (scan of 45 clean graphs).');
    assert.equal(level, 'information');
  });

  it('says beside it how many backdoors such scans miss', () => {
    const measured = {
      scans: 'GIN with 128 clean graphs',
      backdoored: { models: 158, errors: 137, findings: 145 },
      clean: { models: 161, errors: 7, findings: 17 },
    };
    const { text } = scanMessage('m.pt', report({ kind: 'no-sign', evidence: { ...evidence, measured } }));
    assert.match(text, /45 clean graphs\)\. Such scans missed 13 of 158 backdoored models\.$/);
  });

  it('does not pass "not assessed" off as a result', () => {
    const { text } = scanMessage('m.pt', report(notAssessed));
    assert.equal(text, 'm.pt was not assessed for backdoors: no data set with 38 node features was found.');
  });

  it('leaves the parts that are assumed to the report', () => {
    const assumed = { ...notAssessed, reason: '"architecture": {"readout":"sum"}', assumed: { readout: 'sum' } };
    const { text } = scanMessage('m.pt', report(assumed));
    assert.match(text, /^m\.pt was not assessed for backdoors: parts of its architecture .* are assumed/);
    assert.doesNotMatch(text, /readout/);
  });

  it('puts dangerous code first', () => {
    const warning: Finding = { ...danger, code: 'GN102', severity: 'warning', message: 'Imports something' };
    const { text, level } = scanMessage('m.pt', report(notAssessed, [warning, danger]));
    assert.ok(text.startsWith('m.pt: Loading this file runs os.system. m.pt was not assessed'), text);
    assert.equal(level, 'error');
  });
});

describe('scanAllMessage', () => {
  it('says that there is nothing to scan', () => {
    assert.equal(scanAllMessage([], 0).text, 'There are no model files in this workspace to scan.');
  });

  it('adds up what was found and what could not be', () => {
    const { text, level } = scanAllMessage([report(likely), report(noSign), report(notAssessed, [danger])], 1);
    assert.equal(
      text,
      '4 models scanned: 1 likely or possibly backdoored, 1 with suspicious code, 1 not assessed for backdoors, ' +
        '1 could not be scanned (see the log).',
    );
    assert.equal(level, 'warning');
  });
});

describe('purifyMessage', () => {
  const message = (verdict: PurifyReport['verdict'], findings: readonly Finding[] = []) =>
    purifyMessage({ ...purifyReport, verdict, findings });

  it('repeats the verdict of the report', () => {
    assert.deepEqual(message({ kind: 'removed', text: 'backdoor removed: estimated ASR 97% -> 2%.' }), {
      text: 'Backdoor removed: estimated ASR 97% → 2%.',
      level: 'information',
    });
  });

  it('warns where the model is still suspicious or the price was high', () => {
    assert.equal(message({ kind: 'still-suspicious', text: 'x' }).level, 'warning');
    const cost: Finding = { ...danger, code: 'GN302', severity: 'warning' };
    assert.equal(message({ kind: 'removed', text: 'x' }, [cost]).level, 'warning');
  });
});
