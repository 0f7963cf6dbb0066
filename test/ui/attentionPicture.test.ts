/** The picture of the attention on a graph, by itself. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { pictureState } from '../../client/attention/pictureState';
import type { AttentionGraph } from '../../protocol/attention';
import type { AttentionPictureState } from '../../protocol/attentionPicture';
import { appendingGraph, attentionGraph, attentionOverview } from '../support/attention';
import { useWebview } from '../support/browser/useWebview';

const parts = { rootId: 'attention', script: 'attention.js', styles: ['base.css', 'attention.css'] };
const comparison = { beforeUri: 'file:///w/gin.pt', afterUri: 'file:///w/gin.purified.pt', dataUri: 'file:///w/AIDS' };

function stateOf(graph: AttentionGraph, more: Partial<AttentionPictureState> = {}): AttentionPictureState {
  const result = { overview: attentionOverview, graph, text: { before: '', after: '' } };
  return { ...pictureState({ comparison }, result, ['gin.pt', 'gin.purified.pt']), ...more };
}

describe('the attention picture', function () {
  this.timeout(60_000);
  const view = useWebview(parts);

  const show = async (state: AttentionPictureState): Promise<void> => {
    await view().send({ type: 'state', state });
    await view()
      .page.getByRole('heading', { name: `graph ${state.graph.id}` })
      .waitFor();
  };
  const side = (when: 'before' | 'after'): Locator => view().page.locator(`figure.${when}`);
  /** Where the nodes of a side are drawn, by id. */
  const places = (when: 'before' | 'after'): Promise<string[]> =>
    view().page.evaluate<string[]>(`
      [...document.querySelectorAll('figure.${when} .node')]
        .sort((a, b) => a.dataset.node - b.dataset.node)
        .map((node) => node.getAttribute('transform'))`);

  it('asks for its state, and draws the same graph twice, in the same places', async () => {
    assert.deepEqual(await view().sent(), [{ type: 'ready' }]);
    await show(stateOf(attentionGraph));
    const before = await places('before');
    assert.equal(new Set(before).size, 4);
    assert.deepEqual(await places('after'), before);
    await show(stateOf({ ...attentionGraph, id: 3 }));
    assert.deepEqual(await places('before'), before, 'a layout does not depend on chance');
    assert.equal(await side('before').locator('line').count(), 3);
    assert.equal(await side('after').locator('.ring').count(), 2, 'nodes of the trigger are ringed');
  });

  it('names every node for who cannot see it, and what moved for who can', async () => {
    await show(stateOf(attentionGraph));
    await side('before').getByRole('img', { name: 'Node 1, label 10, carries the trigger, attention 0.81' }).waitFor();
    await side('after').getByRole('img', { name: 'Node 3, attention 0.50' }).waitFor();
    const node = (when: 'before' | 'after'): Locator => side(when).locator('[data-node="1"] .dot');
    const [large, small] = await Promise.all([node('before'), node('after')].map((dot) => dot.getAttribute('r')));
    assert.ok(Number(large) > Number(small), 'size tells attention as well as colour');
    assert.equal(await side('before').locator('[data-node="1"] .value').textContent(), '.81');
  });

  it('begins with the layer that changed most, and shows the one that the slider is put on', async () => {
    await show(stateOf(attentionGraph));
    const slider = view().page.getByRole('slider', { name: 'Layer' });
    assert.equal(await slider.inputValue(), '2');
    await slider.focus();
    await view().page.keyboard.press('ArrowLeft');
    await view().page.getByText('1 of 2', { exact: true }).waitFor();
    await side('before').getByRole('img', { name: 'Node 1, label 10, carries the trigger, attention 0.50' }).waitFor();
    await view().page.reload();
    await view().page.getByText('1 of 2', { exact: true }).waitFor();
    assert.equal(await slider.inputValue(), '1', 'also after a reload');
  });

  it('goes from node to node with the keyboard, and tells of each', async () => {
    await show(stateOf(attentionGraph));
    await view().page.getByRole('slider', { name: 'Layer' }).focus();
    await view().page.keyboard.press('Tab');
    await view()
      .page.getByText('Node 1 · label 10 · carries the trigger · degree 3 · attention 0.81 before, 0.50 after')
      .waitFor();
    assert.equal(await side('after').locator('.node.lit').getAttribute('data-node'), '1', 'marked on both sides');
    assert.equal(await side('before').locator('line.lit').count(), 3);
    await view().page.keyboard.press('ArrowRight');
    await view().page.getByText('Node 2 · label -2 · carries the trigger').waitFor();
    await view().page.keyboard.press('End');
    await view().page.getByText('Node 3 · degree 1 · attention 0.42 before, 0.50 after').waitFor();
    await view().page.keyboard.press('Tab');
    await view().page.keyboard.press('Home');
    assert.equal(await side('after').locator('.node:focus').getAttribute('data-node'), '0');
  });

  it('asks for other graphs, the other view, and the text', async () => {
    await show(stateOf(attentionGraph));
    for (const name of ['Next Graph', 'Previous Graph', 'Show Without the Trigger', 'Open as Text']) {
      await view().page.locator('vscode-button', { hasText: name }).click();
    }
    assert.deepEqual(await view().sent(), [
      { type: 'ready' },
      { type: 'step', by: 1 },
      { type: 'step', by: -1 },
      { type: 'view', view: 'clean' },
      { type: 'openText' },
    ]);
  });

  it('draws a node only where it is', async () => {
    await show(stateOf(appendingGraph, { comparison: { ...comparison, afterUri: undefined }, views: ['triggered'] }));
    assert.equal(await side('before').locator('.node').count(), 4);
    assert.equal(await side('after').locator('.node').count(), 5);
    await side('before').getByText('without the trigger').waitFor();
    assert.equal(await view().page.locator('vscode-button', { hasText: 'Show With' }).isVisible(), false);
  });

  it('stands one below the other where there is little room', async () => {
    await view().page.setViewportSize({ width: 400, height: 800 });
    await show(stateOf(attentionGraph));
    const [first, second] = await Promise.all([side('before').boundingBox(), side('after').boundingBox()]);
    assert.ok(first && second && second.y >= first.y + first.height);
    assert.ok(await view().page.evaluate('document.documentElement.scrollWidth <= 400'), 'nothing is cut off');
  });

  it('shows what comes from files as text, whatever it looks like', async () => {
    const markup = '<img src=x onerror="document.title=1">';
    await show(stateOf(attentionGraph, { names: [markup, markup], dataName: markup }));
    await view().page.getByRole('heading', { level: 1 }).getByText(markup).waitFor();
    assert.equal(await view().page.locator('img').count(), 0);
  });
});
