/** What an accessibility checker finds wrong with a page, in the colours of VS Code's themes. */
import type { AxeResults } from 'axe-core';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
// What a webview gets of each theme from VS Code 1.139, as far as our style sheets and components use it.
import themes from './themes.json';

export type WebviewTheme = keyof typeof themes;
export const webviewThemes = Object.keys(themes) as WebviewTheme[];

/** Of those that a whole check has, the ones that look at colours. */
const colourRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Dresses a page as VS Code dresses a webview in a theme. */
export async function wearTheme(page: Page, theme: WebviewTheme): Promise<void> {
  const { bodyClass, variables } = themes[theme];
  await page.evaluate(`{
    document.body.className = ${JSON.stringify(bodyClass)};
    document.body.dataset.vscodeThemeKind = ${JSON.stringify(bodyClass)};
    for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
      document.documentElement.style.setProperty(name, value);
    }
  }`);
}

/**
 * Checks what a page shows now.
 *
 * @param rules all, or those that have to do with colours: in another theme nothing else is different
 * @returns violations of serious or critical impact, one line for each element
 */
export async function accessibilityFaults(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  const options = { resultTypes: ['violations'], ...(rules === 'colours' && { runOnly: colourRules }) };
  if (!(await page.evaluate<boolean>(`'axe' in window`))) {
    await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
      ),
    );
}
