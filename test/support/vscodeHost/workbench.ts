/** A VS Code window in a browser, used the way a person uses it: by looking and clicking. */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { testResultsFolder } from '../../../scripts/lib/paths';
import { launchBrowser } from '../browser/launchBrowser';
import type { CodeServer } from './codeServer';

/** Built-in themes by their titles, with the class that the workbench wears in each. */
const themes = {
  light: { name: 'Light Modern', bodyClass: 'vs' },
  dark: { name: 'Dark Modern', bodyClass: 'vs-dark' },
  'high-contrast': { name: 'Dark High Contrast', bodyClass: 'hc-black' },
} as const;
export type ThemeId = keyof typeof themes;

/** Pixels of the window. */
const viewport = { width: 1280, height: 800 };
/** Milliseconds to wait for what ought to show up at once. */
const patience = 30_000;
const webviewFrames = 'iframe.webview.ready';
/** For every frame: without a graphics card, drawing what moves takes about as much of a processor as an analysis. */
const standStill = `{
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { animation: none !important; }');
  document.adoptedStyleSheets.push(still);
}`;

export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly closeBrowser: () => Promise<void>,
  ) {}

  /** Opens a folder in a new window. The caller closes it. */
  static async open(host: CodeServer, folder: string): Promise<Workbench> {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
      await page.addInitScript(standStill);
      page.setDefaultTimeout(patience);
      const workbench = new Workbench(page, () => browser.close());
      await page.goto(`http://${host.authority}/?${new URLSearchParams({ folder }).toString()}`);
      await workbench.ready();
      return workbench;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.closeBrowser();
  }

  /** Reloads the window. The command keeps the state of the editors first; a reload by the browser may lose the last. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.runCommand('Developer: Reload Window')]);
    await this.ready();
  }

  /**
   * Waits until there is what the extension contributes, which comes seconds after the files: one that is opened before is
   * shown as if there were no extension, and stays so.
   */
  private async ready(): Promise<void> {
    await this.explorerRow(/./).first().waitFor();
    await this.statusItem.waitFor({ timeout: 2 * patience });
  }

  /** The extension's own item in the status bar. */
  get statusItem(): Locator {
    return this.page.locator('[id="graphnad.graphnad.graphnad.status"] a');
  }

  /** Runs a command from the palette by its full title. */
  async runCommand(title: string): Promise<void> {
    const attempts = 3;
    for (let attempt = 1; ; attempt++) {
      await this.fillPalette(`>${title}`);
      try {
        return await this.quickPickRow(title).first().click({ timeout: 10_000 });
      } catch (error) {
        // A page that has just been opened takes the focus once more, and the palette closes.
        if (attempt === attempts) throw error;
      }
    }
  }

  /** Opens the palette with a text in it, and again where something took the focus meanwhile: then it has closed. */
  private async fillPalette(text: string): Promise<void> {
    const attempts = 5;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await this.page.keyboard.press('F1');
      try {
        await this.quickInput().fill(text, { timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  }

  /** Chooses a theme and waits until it is worn. */
  async useTheme(theme: ThemeId): Promise<void> {
    const { name, bodyClass } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    const filter = this.page.getByPlaceholder(/Color Theme/);
    await filter.waitFor();
    await this.quickPickRow(/./).first().waitFor();
    await filter.fill(name);
    await this.quickPickRow(name).first().click();
    await this.page.locator(`.monaco-workbench.${bodyClass}`).waitFor();
  }

  /** Takes a picture of the whole window into `test-results/`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(testResultsFolder, { recursive: true });
    await this.page.screenshot({ path: path.join(testResultsFolder, `${name}.png`) });
  }

  explorerRow(text: string | RegExp): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: text });
  }

  /** Opens a folder in the Explorer unless it is open. */
  async expand(folder: string, child: string): Promise<void> {
    if (await this.explorerRow(child).isVisible()) return;
    await this.explorerRow(folder).click();
    await this.explorerRow(child).waitFor();
  }

  /** Opens the context menu of an Explorer row; its items are in `menuItem`. */
  async openContextMenu(row: string): Promise<void> {
    await this.explorerRow(row).first().click({ button: 'right' });
    await this.page.locator('.monaco-menu').waitFor();
    // A menu fades in, and takes no click until it is there.
    await this.page.waitForTimeout(500);
  }

  menuItem(text: string): Locator {
    return this.page.locator('.monaco-menu .action-item').filter({ hasText: text });
  }

  /** Right-clicks a row and chooses an item. */
  async chooseFromContextMenu(row: string, item: string): Promise<void> {
    await this.openContextMenu(row);
    await this.menuItem(item).click();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Takes the shown notifications away. */
  async dismissNotifications(): Promise<void> {
    const toasts = this.page.locator('.notification-toast');
    // Toasts also go by themselves, even between a look and a click.
    const step = { timeout: 2000 };
    for (let attempt = 0; attempt < 10 && (await toasts.count()) > 0; attempt++) {
      try {
        await toasts.first().hover(step);
        await toasts.first().locator('.codicon-notifications-clear').click(step);
      } catch {
        continue;
      }
    }
    await toasts.first().waitFor({ state: 'hidden' });
  }

  /** Shows the Problems pane. */
  async openProblems(): Promise<void> {
    if (!(await this.page.locator('.markers-panel').isVisible())) {
      await this.page.locator('[id="status.problems"] a').click();
    }
    await this.page.locator('.markers-panel').waitFor();
  }

  /** Hides the pane below the editors, with the Problems. */
  async closePanel(): Promise<void> {
    await this.page.locator('.part.panel .codicon-panel-close, .part.panel .codicon-close').first().click();
    await this.page.locator('.part.panel').waitFor({ state: 'hidden' });
  }

  problem(text: string | RegExp): Locator {
    return this.page.locator('.markers-panel .monaco-list-row').filter({ hasText: text });
  }

  /** The input of the quick pick or input box that is open. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type="text"]');
  }

  quickPickRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
  }

  /** The content of the webview that is shown; where there are several, of the one at an index. */
  webview(index = 0): FrameLocator {
    return this.page.frameLocator(webviewFrames).nth(index).frameLocator('iframe#active-frame');
  }

  /** The content of the one webview with a heading, of those that are shown. */
  webviewHeaded(name: string | RegExp): Promise<FrameLocator> {
    return this.webviewWith(`the heading ${String(name)}`, (view) =>
      view.getByRole('heading', { level: 1, name, exact: true }),
    );
  }

  /** The content of the one webview that shows something, of those that are there. */
  async webviewWith(what: string, find: (view: FrameLocator) => Locator): Promise<FrameLocator> {
    const end = Date.now() + patience;
    while (Date.now() < end) {
      const count = await this.page.locator(webviewFrames).count();
      for (let index = 0; index < count; index++) {
        if (await find(this.webview(index)).isVisible()) return this.webview(index);
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no webview has ${what}`);
  }
}
