/** The whole way from the warning to the purified model, as far as it is the same with the mouse and with the keyboard. */
import assert from 'node:assert/strict';
import { makeTestWorkspace, type TestWorkspace } from '../../support/exampleWorkspace';
import { useOrder } from '../../support/order';
import { until } from '../../support/processes';
import type { CodeServer } from '../../support/vscodeHost/codeServer';
import { startTestHost } from '../../support/vscodeHost/testHost';
import { Workbench } from '../../support/vscodeHost/workbench';

export const model = 'backdoored.pt';
export const purified = 'backdoored.purified.pt';
/** Headings of the results panel and of the attention picture. */
export const result = new RegExp(`^${model}.*${purified}$`);
export const pictured = /: attention on graph \d+$/;
export const warning = /(Likely|Possibly) backdoored toward class/;
/** Milliseconds that a scan or a purification may take on a slow machine. */
export const analysisLimit = 180_000;

export interface Journey {
  readonly workbench: () => Workbench;
  /** How often a key, or a button of the mouse, was pressed. */
  readonly used: (what: 'keys' | 'presses') => Promise<number>;
  /** Lines of one side of the diff that are on the screen, from the top. */
  readonly linesOf: (side: 'original' | 'modified') => Promise<string[]>;
  /**
   * Waits until both sides show a graph, and it is not the one that was shown before; they have the same nodes in the
   * same order.
   *
   * @returns the line that names the graph
   */
  readonly readDiff: (shownBefore?: string) => Promise<string>;
}

/** A workbench of its own for the tests of a suite, which build on each other. @returns what they use of it */
export function useJourney(name: string): Journey {
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;
  useOrder();

  before(async () => {
    workspace = await makeTestWorkspace();
    host = await startTestHost(name);
    workbench = await Workbench.open(host, workspace.folder);
    await workbench.page.evaluate(`
      window.used = { keys: 0, presses: 0 };
      window.addEventListener('keydown', () => window.used.keys++, true);
      window.addEventListener('pointerdown', () => window.used.presses++, true);`);
  });
  after(async () => {
    // After a failure the tests that follow are not run: this is what it left on the screen.
    await workbench?.screenshot(`${name}-last`).catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  });

  const used = (what: 'keys' | 'presses'): Promise<number> => workbench.page.evaluate<number>(`window.used.${what}`);

  async function linesOf(side: 'original' | 'modified'): Promise<string[]> {
    const shown = await workbench.page.evaluate<{ top: number; text: string }[]>(
      `[...document.querySelectorAll('.editor.${side} .view-line')]
        .map((line) => ({ top: parseFloat(line.style.top), text: line.textContent }))`,
    );
    return shown.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
  }

  async function readDiff(shownBefore = ''): Promise<string> {
    let before: string[] = [];
    let after: string[] = [];
    const named = /^graph \d+ of \S+/;
    await until(
      'a graph on both sides',
      async () => {
        [before, after] = [await linesOf('original'), await linesOf('modified')];
        const [graph] = named.exec(before.at(1) ?? '') ?? [];
        return graph !== undefined && graph !== shownBefore && graph === named.exec(after.at(1) ?? '')?.[0];
      },
      analysisLimit,
    );
    assert.equal(before[0], `Attention of models/${model}`);
    assert.equal(after[0], `Attention of models/${purified}`);
    assert.ok(
      before.some((line) => /Gini \d\.\d\d/.test(line)),
      before.join('\n'),
    );
    const nodes = (lines: readonly string[]): string[] =>
      lines.flatMap((line) => /^ +(\d+:\d+) .* \d\.\d\d/.exec(line)?.[1] ?? []);
    assert.ok(nodes(before).length > 0, before.join('\n'));
    const [shorter, longer] = [nodes(before), nodes(after)].sort((a, b) => a.length - b.length);
    assert.deepEqual(longer.slice(0, shorter.length), shorter);
    return named.exec(before[1])?.[0] ?? '';
  }

  return { workbench: () => workbench, used, linesOf, readDiff };
}
