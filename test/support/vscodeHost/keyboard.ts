/** A keyboard, and what somebody who uses nothing else is told about the focus. */
import type { Frame, Page } from 'playwright-core';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that focus, which moves between processes, is given to arrive. */
const settling = 150;

/** The accessible name of what has the focus in a document; of a list, that of its active row. */
const focusedName = `(() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return '';
  const active = focused.getAttribute('aria-activedescendant');
  const element = (active && document.getElementById(active)) || focused;
  const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
  const label = [...(element.labels ?? [])].map((label) => label.textContent);
  const names = [element.getAttribute('aria-label'), labelled.join(' '), label.join(' '), element.textContent, element.title];
  return names.map((name) => (name ?? '').replace(/\\s+/g, ' ').trim()).find((name) => name !== '') ?? element.tagName;
})()`;

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Presses keys one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Name of what has the focus, in whatever frame it is; empty where nothing has. */
  async focused(): Promise<string> {
    let frame: Frame | null = this.page.mainFrame();
    for (;;) {
      const element = (await frame.evaluateHandle('document.activeElement')).asElement();
      const inner = await element?.contentFrame();
      if (!inner) return frame.evaluate<string>(focusedName);
      frame = inner;
    }
  }

  /**
   * Presses a key until the focus is on what bears a name.
   *
   * @returns the name in full
   * @throws Error with the names on the way, after `limit` presses
   */
  async go(key: string, name: string | RegExp, limit = 60): Promise<string> {
    const passed: string[] = [];
    for (let presses = 0; presses <= limit; presses++) {
      if (presses > 0) await this.press(key);
      await delay(settling);
      const found = await this.focused();
      if (typeof name === 'string' ? found.startsWith(name) : name.test(found)) return found;
      passed.push(found);
    }
    throw new Error(`${key} does not lead to ${String(name)}, but to: ${passed.join(' | ')}`);
  }

  /** Runs a command from the palette by its full title. */
  async runCommand(title: string): Promise<void> {
    await this.press('F1');
    await this.page.locator('.quick-input-widget input[type="text"]').waitFor();
    await this.type(title);
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: title });
    await row.waitFor();
    await this.press('Enter');
  }
}
