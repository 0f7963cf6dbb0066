import * as vscode from 'vscode';
import { stepKey, walkthroughSteps, type WalkthroughStep } from './walkthroughSteps';

const kept = 'walkthrough.done';
/** A walkthrough that is opened knows of its steps after a moment, in milliseconds. */
const moment = 1000;

/**
 * Ticks the steps of the walkthrough that were done, whichever way. VS Code ticks a step when a context key comes to be
 * true while it knows the walkthrough, which is once somebody opened it: a key that is true before never ticks anything.
 * So keys are true for a moment alone, and once more when a page of that kind is opened.
 */
export class Walkthrough implements vscode.Disposable {
  private readonly done: Set<WalkthroughStep>;
  private readonly subscription = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
    // Extensions are told nothing of what such a tab shows.
    if (opened.some(({ input }) => input === undefined)) this.timer ??= setTimeout(() => this.tickAll(), moment);
  });
  private timer: NodeJS.Timeout | undefined;

  /** @param memory keeps what was done over the end of the session */
  constructor(private readonly memory: vscode.Memento) {
    const before = memory.get<readonly string[]>(kept, []);
    this.done = new Set(walkthroughSteps.filter((step) => before.includes(step)));
  }

  tick(step: WalkthroughStep): void {
    if (this.done.has(step)) return;
    this.done.add(step);
    void this.memory.update(kept, [...this.done]);
    void pulse(step);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }

  private tickAll(): void {
    this.timer = undefined;
    this.done.forEach((step) => void pulse(step));
  }
}

async function pulse(step: WalkthroughStep): Promise<void> {
  const key = stepKey(step);
  await vscode.commands.executeCommand('setContext', key, true);
  await vscode.commands.executeCommand('setContext', key, false);
}
