import assert from 'node:assert/strict';
import { diagnosticsDocument } from '../../../../client/diagnostics/diagnosticsDocument';

describe('diagnosticsDocument', () => {
  const text = diagnosticsDocument({
    versions: { GraphNAD: '0.1.0', 'VS Code': '1.91.0' },
    settings: [{ name: 'graphnad.scan.exclude', value: ['a|b'], from: 'folder x' }],
    server: 'running',
    status: {
      ...{ state: 'busy', activity: 'Scanning a.pt', models: 3, errors: 1, warnings: 2, notAssessed: 1 },
      ...{ scans: { done: 1, total: 3 }, backend: 'graphnad', restricted: true, unlisted: 4 },
      queue: { address: 'redis://queue:6379' },
    },
    log: ['first', '```', 'last'],
  });

  it('has versions, settings, server and log', () => {
    for (const part of [
      '| GraphNAD | 0.1.0 |',
      '| `graphnad.scan.exclude` | `["a\\|b"]` | folder x |',
      'State: running',
      '| activity | Scanning a.pt |',
      '| scans | 1 of 3 done |',
      '| not listed in Problems | 4 |',
      '| Restricted Mode | only code is looked at |',
      '| queue | The queue redis://queue:6379 scans and purifies. |',
      '## Log, last 3 lines',
    ]) {
      assert.ok(text.includes(part), `${part} in\n${text}`);
    }
  });

  it('says that nothing was sent', () => {
    assert.match(text, /Nothing of this was sent anywhere/);
  });

  it('lets no line of the log end its block', () => {
    assert.match(text, /\n````text\nfirst\n```\nlast\n````\n/);
  });

  it('does without a status and a log', () => {
    const bare = diagnosticsDocument({ versions: {}, settings: [], server: 'failed: it ended.', log: [] });
    assert.match(bare, /State: failed: it ended\./);
  });
});
