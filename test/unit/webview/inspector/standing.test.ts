import assert from 'node:assert/strict';
import type { InspectorState, ModelKnowledge } from '../../../../protocol/inspector';
import { isCurrent, standingOf } from '../../../../webview/inspector/standing';

const knowledge: ModelKnowledge = {
  ...{ verdict: 'no-sign', text: 'no sign of a backdoor found', reached: '2025-01-31T12:00:00.000Z' },
  ...{ sha256: 'a', architectureNotes: [], findings: [] },
};
const state = (more: Partial<InspectorState>): InspectorState => ({ name: 'm.pt', path: 'm.pt', ...more });

describe('standingOf', () => {
  it('gives the verdict with the time it was reached', () => {
    const { verdict, text, remarks } = standingOf(state({ knowledge, sha256: 'a' }));
    assert.deepEqual([verdict, text, remarks.length], ['no-sign', 'No sign of a backdoor found', 1]);
    assert.match(remarks[0], /2025/);
  });

  it('gives no verdict of other content', () => {
    const other = state({ knowledge, sha256: 'b' });
    assert.equal(isCurrent(other), false);
    assert.equal(standingOf(other).verdict, 'not-scanned');
    assert.match(standingOf(other).text, /on another content/);
  });

  it('says what goes on, and that nobody looked', () => {
    const { text, remarks } = standingOf(
      state({ knowledge: { ...knowledge, verdict: 'not-scanned', activity: 'queued' } }),
    );
    assert.deepEqual([text, remarks], ['Not scanned', ['it waits to be scanned']]);
    assert.equal(standingOf(state({})).text, 'Not scanned');
  });
});
