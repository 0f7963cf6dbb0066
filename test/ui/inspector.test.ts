/** The model inspector by itself, with what the server says of real files. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { InspectorState, ModelKnowledge } from '../../protocol/inspector';
import { tensorStatistics } from '../../server/src/jobs/inspectStatistics';
import { inspectModel } from '../../server/src/jobs/inspectTask';
import { useWebview } from '../support/browser/useWebview';
import { until } from '../support/processes';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

const parts = { rootId: 'inspector', script: 'inspector.js', styles: ['base.css', 'inspector.css'] };

describe('the model inspector', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();
  const view = useWebview(parts);

  const knowledge: ModelKnowledge = {
    ...{ verdict: 'likely', text: 'likely backdoored toward class 1', architectureNotes: [] },
    findings: [
      {
        code: 'GN202',
        severity: 'warning',
        message: 'Attention concentration',
        details: ['Why.'],
        place: { layer: 2 },
      },
    ],
  };
  const show = (state: InspectorState): Promise<void> => view().send({ type: 'state', state });

  interface Wish {
    readonly type: string;
    readonly names?: readonly string[];
  }
  const wishes = async (): Promise<Wish[]> =>
    ((await view().sent()) as Wish[]).filter(({ type }) => type === 'wantStatistics');

  async function showTiny(): Promise<InspectorState & { inspection: Awaited<ReturnType<typeof inspectModel>> }> {
    const inspection = await inspectModel({ model: tiny().model });
    const state = { name: 'gin.pt', path: 'models/gin.pt', inspection, sha256: inspection.sha256, knowledge };
    await show(state);
    await view().page.getByRole('heading', { level: 1, name: 'gin.pt' }).waitFor();
    return state;
  }

  it('shows verdict, architecture, layers with their findings, and asks for the figures in view', async () => {
    const { inspection } = await showTiny();
    const { page } = view();
    await page.getByText('Likely backdoored toward class 1').last().waitFor();
    await page.getByText(/^GIN, 2 layers/).waitFor();
    const second = page.locator('.part', { hasText: 'GIN layer 2' });
    await second.getByRole('button', { name: /^GN202, warning/ }).click();
    await until('a wish for figures', async () => (await wishes()).length > 0);
    const sent = (await view().sent()) as Wish[];
    assert.deepEqual(sent[0], { type: 'ready' });
    assert.ok(sent.some(({ type }) => type === 'explainFinding'));
    const [{ names = [] }] = await wishes();
    assert.equal(names[0], inspection.tensors[0].name);

    const task = { kind: 'tensor-statistics', model: tiny().model, version: inspection.version } as const;
    const statistics = await tensorStatistics({ ...task, names }, { signal: new AbortController().signal });
    await view().send({ type: 'statistics', version: inspection.version, statistics });
    await page.locator('.histogram').first().waitFor();
  });

  it('filters, sorts and shows a layer alone, and remembers how after a reload', async () => {
    await showTiny();
    const { page } = view();
    const names = () => page.locator('.rows .name').allInnerTexts();
    await page.getByRole('searchbox').fill('running_mean');
    await page.getByText(/^\d+ of \d+ tensors$/).waitFor();
    assert.ok((await names()).every((name) => name.endsWith('running_mean')));
    await page.getByRole('button', { name: 'GIN layer 2' }).click();
    await until('that layer alone', async () => (await names()).every((name) => name.startsWith('convs.1.')));
    await page.getByRole('button', { name: 'Name' }).click();
    await page.getByRole('button', { name: 'Name' }).click();
    await page.locator('[aria-sort=descending]').waitFor();
    const before = await names();
    assert.deepEqual(before, [...before].sort().reverse());
    await page.reload();
    await showTiny();
    await until('the same rows', async () => isDeepStrictEqual(await names(), before));
    await page.getByRole('button', { name: /show the tensors of all parts again$/ }).click();
    await page.getByRole('searchbox').fill('');
    await page.locator('.rows .name', { hasText: 'lin.weight' }).waitFor();
  });

  it('scrolls through 10,000 tensors with few rows in the page', async () => {
    const tensors = Array.from({ length: 10_000 }, (_, i) => ({
      name: `w${i}`,
      dtype: 'float32',
      shape: [4],
      bytes: 16,
    }));
    const { inspection } = await showTiny();
    await show({ name: 'many', path: 'many', inspection: { ...inspection, version: 'many', tensors, parts: [] } });
    const { page } = view();
    await page.locator('.rows .name', { hasText: /^w0$/ }).waitFor();
    await page.evaluate(`document.querySelector('.table').scrollTo(0, 1e9)`);
    await page.locator('.rows .name', { hasText: /^w9999$/ }).waitFor();
    assert.ok((await page.locator('.rows .row').count()) < 100);
    assert.equal(await page.getByRole('table').getAttribute('aria-rowcount'), '10001');
    await until('a wish for the last', async () =>
      (await wishes()).some(({ names = [] }) => names.includes('w9999') && names.length < 100),
    );
  });

  it('says why a file cannot be read, and still what loading it would run', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const inspection = await inspectModel({ model: at('bad.pt') });
    await show({ name: 'bad.pt', path: 'bad.pt', inspection });
    const { page } = view();
    await page.getByText('It cannot be read as a checkpoint').waitFor();
    await page.locator('.findings', { hasText: 'os.system' }).waitFor();
    assert.equal(await page.getByRole('table').count(), 0);
    await page.locator('vscode-button', { hasText: 'Open With...' }).click();
    assert.deepEqual((await view().sent()).at(-1), { type: 'command', command: 'reopenWith' });
    await show({ name: 'bad.pt', path: 'bad.pt', failure: 'there is no such file' });
    await page.getByText('This file cannot be inspected').waitFor();
  });

  it('gives no verdict of other content', async () => {
    const { inspection } = await showTiny();
    const old = { ...knowledge, sha256: 'another' };
    await show({ name: 'gin.pt', path: 'gin.pt', inspection, sha256: inspection.sha256, knowledge: old });
    await view().page.getByText('Not scanned since it changed').waitFor();
    assert.equal(await view().page.locator('.findings, .pin').count(), 0);
  });

  it('has a button to state what is assumed, where that is why there is no verdict', async () => {
    const state = await showTiny();
    const { page } = view();
    const stating = page.getByRole('button', { name: 'State Architecture...' });
    assert.equal(await stating.count(), 0);
    await show({ ...state, knowledge: { ...knowledge, verdict: 'not-assessed', assumed: { readout: 'sum' } } });
    await stating.click();
    const commands = ((await view().sent()) as { readonly command?: string }[]).flatMap(({ command = [] }) => command);
    assert.deepEqual(commands, ['stateArchitecture']);
  });

  it('shows what comes from files as text, and fits into 400 pixels', async () => {
    const markup = '<img src=x onerror="document.title=1">';
    const { inspection } = await showTiny();
    const strange = {
      ...{ ...inspection, version: 'strange', architectureNotes: [markup], metadata: { [markup]: markup } },
      tensors: [{ name: markup, dtype: markup, shape: [1], bytes: 4 }],
      parts: [{ title: markup, steps: [markup], modules: [markup] }],
    };
    await view().page.setViewportSize({ width: 400, height: 700 });
    await show({
      name: markup,
      path: `models/${markup}`,
      inspection: strange,
      knowledge: { ...knowledge, text: markup, assumed: { readout: 'sum' } },
    });
    await view().page.locator('.rows .name', { hasText: markup }).waitFor();
    assert.equal(await view().page.locator('img').count(), 0);
    assert.equal(await view().page.evaluate('document.documentElement.scrollWidth'), 400);
  });
});
