import assert from 'node:assert/strict';
import { statusView } from '../../../client/statusView';

const status = { state: 'idle', models: 3, errors: 0, warnings: 0, notAssessed: 0 } as const;

describe('statusView', () => {
  it('says when models are not being checked', () => {
    const view = statusView({ kind: 'failed', reason: 'it ended.' }, undefined);
    assert.equal(view.severity, 'error');
    assert.ok(view.lines.some((line) => line.includes('not being checked')));
    assert.equal(statusView({ kind: 'stopped' }, undefined).severity, 'warning');
  });

  it('spins while the server starts or works', () => {
    assert.match(statusView({ kind: 'starting' }, undefined).text, /sync~spin/);
    const busy = statusView({ kind: 'running' }, { ...status, state: 'busy', activity: 'Scanning a.pt' });
    assert.match(busy.text, /sync~spin/);
    assert.equal(busy.lines[0], 'Scanning a.pt');
  });

  it('counts what was found and what was not assessed', () => {
    const view = statusView(
      { kind: 'running' },
      { ...status, errors: 2, warnings: 1, notAssessed: 4, backend: 'graphnad' },
    );
    assert.equal(view.text, '$(warning) GraphNAD 3');
    assert.deepEqual(view.lines, [
      'Idle',
      '3 model files',
      '2 errors, 1 warning',
      '4 not assessed for backdoors',
      'Backend: graphnad',
    ]);
  });

  it('never calls a workspace safe', () => {
    const { text, lines } = statusView({ kind: 'running' }, status);
    assert.ok(![text, ...lines].some((line) => /safe|clean/i.test(line)));
  });
});
