import assert from 'node:assert/strict';
import { languageStatusView, statusView } from '../../../client/statusView';

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

  it('says how far the scans are, what is not listed, and that code alone is looked at', () => {
    const { lines } = statusView(
      { kind: 'running' },
      {
        ...status,
        state: 'busy',
        activity: 'Scanning a.pt',
        scans: { done: 2, total: 9 },
        unlisted: 1,
        restricted: true,
      },
    );
    assert.deepEqual(lines.slice(0, 2), ['Scanning a.pt', '2 of 9 scans done']);
    assert.ok(lines.includes('1 finding not listed in Problems, by your settings'));
    assert.ok(lines.some((line) => line.startsWith('Restricted Mode: backdoors are looked for when')));
  });
});

describe('the status of a queue', () => {
  const counts = { workers: 2, otherWorkers: 0, troubles: [], waiting: 3, active: 2 };
  const queue = { address: 'redis://queue:6379', counts };

  it('stands beside what was found', () => {
    const { lines, severity } = statusView({ kind: 'running' }, { ...status, queue });
    assert.equal(lines.at(-1), 'The queue redis://queue:6379 has 2 workers: 3 jobs waiting, 2 under way.');
    assert.equal(severity, 'normal');
  });

  it('is a warning where nothing gets done', () => {
    for (const stuck of [{ trouble: 'it is gone' }, { ...queue, counts: { ...counts, workers: 0 } }]) {
      const shown = { ...status, state: 'busy' as const, queue: stuck };
      assert.equal(statusView({ kind: 'running' }, shown).severity, 'warning');
      assert.match(statusView({ kind: 'running' }, shown).text, /disconnect/);
      assert.equal(languageStatusView({ kind: 'running' }, shown).severity, 'warning');
    }
  });
});

describe('languageStatusView', () => {
  it('tells health, backend and how far the scans are', () => {
    const view = languageStatusView(
      { kind: 'running' },
      { ...status, state: 'busy', activity: 'Scanning a.pt, 40%', scans: { done: 2, total: 9 }, backend: 'graphnad' },
    );
    assert.deepEqual(view.health, { text: '$(pulse) The server runs', detail: 'backend graphnad' });
    assert.deepEqual(view.scans, { text: '$(search) Scanning 3 of 9', detail: 'Scanning a.pt, 40%', busy: true });
    const idle = languageStatusView({ kind: 'running' }, { ...status, notAssessed: 2, restricted: true });
    assert.equal(idle.scans.text, '$(shield) 3 model files looked at for unsafe code alone (Restricted Mode)');
    assert.equal(idle.scans.detail, '2 not assessed for backdoors');
  });

  it('says when models are not being checked, whatever was said before', () => {
    const view = languageStatusView({ kind: 'failed', reason: 'it ended.' }, status);
    assert.equal(view.severity, 'error');
    assert.match(view.health.text, /^\$\(error\) The server is not running: it ended\.$/);
    assert.equal(view.scans.text, '$(shield) Models are not being checked');
    assert.equal(languageStatusView({ kind: 'starting' }, undefined).severity, 'normal');
  });
});
