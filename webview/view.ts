import type { FindingCode } from '../protocol/findings';
import type { PanelCommand, PanelState } from '../protocol/panel';
import { comparisonSection } from './comparison';
import { curvesSection } from './curves/curvesSection';
import { adviceSection, findingsSection } from './findings';
import { html } from './dom';
import { header } from './header';
import { outcomeOf } from './outcome';
import { reproduceSection } from './reproduce';
import { seedsProgress, seedsSection } from './seeds';
import { stagesSection } from './stages';
import { triggerSection } from './trigger/triggerSection';

interface Actions {
  readonly command: (command: PanelCommand) => void;
  readonly explain: (code: FindingCode) => void;
  readonly tryRemedy: (remedy: number) => void;
}

/** The whole page. A part is drawn anew only when what it shows has changed, so that focus and selection stay. */
export class View {
  private readonly drawn = new Map<string, { readonly inputs: string; readonly node: Node }>();
  /** Stays in place, so that screen readers notice when its text changes. */
  private readonly announcement = html('p', { class: 'for-screen-readers', role: 'status' });

  constructor(
    private readonly root: HTMLElement,
    private readonly actions: Actions,
  ) {
    root.append(this.announcement);
  }

  draw(state: PanelState): void {
    const { report, failure, seeds } = state;
    const { command, explain, tryRemedy } = this.actions;
    this.announce(announcement(state));
    this.part('header', [state.modelName, state.outputName, report, failure, seeds === undefined], () =>
      header(state, command),
    );
    this.part('advice', [report?.advice, report?.remedies], () =>
      adviceSection(report?.advice ?? [], report?.remedies ?? [], tryRemedy),
    );
    this.part('stages', [state.progress, state.stages, state.secondsLeft, failure], () => stagesSection(state));
    this.part(
      'comparison',
      [report?.stages, report?.rescan, seeds?.report],
      () => report && comparisonSection(report, seeds?.report),
    );
    this.part('seeds', seeds && [seeds.report, seeds.failure], () => seedsSection(seeds, command));
    this.part('seeds progress', [seeds?.progress, seeds?.secondsLeft], () => seedsProgress(seeds));
    this.part('curves', state.curves, () => curvesSection(state.curves));
    this.part('trigger', report?.trigger, () => report && triggerSection(report.trigger));
    const findings = [...(report?.findings ?? []), ...(seeds?.report?.findings ?? [])];
    this.part('findings', findings, () => findingsSection(findings, explain));
    this.part('reproduce', report, () => report && reproduceSection(report));
  }

  /** Parts appear in the order of the calls; an empty one holds its place. */
  private part(name: string, inputs: unknown, render: () => Node | undefined): void {
    const key = JSON.stringify(inputs) ?? '';
    const before = this.drawn.get(name);
    if (before?.inputs === key) return;
    const node = render() ?? document.createComment(name);
    if (before === undefined) this.root.append(node);
    else replace(before.node, node);
    this.drawn.set(name, { inputs: key, node });
  }

  private announce(text: string): void {
    if (this.announcement.textContent !== text) this.announcement.textContent = text;
  }
}

/** What is worth saying aloud: each stage once, and the end; not every epoch. */
function announcement(state: PanelState): string {
  const { progress, report, failure, seeds } = state;
  if (seeds?.failure !== undefined) return seeds.failure.message;
  if (seeds?.report !== undefined) return `All ${seeds.report.runs.length} seeds are compared.`;
  if (seeds !== undefined) return 'Further seeds run.';
  if (progress === undefined || report !== undefined || failure !== undefined) return outcomeOf(state).text;
  return `Stage ${progress.stageIndex + 1} of ${progress.stageCount}: ${progress.stage}`;
}

/** Keyboard users go on where they were, at the first thing to press. */
function replace(before: Node, after: Node): void {
  const hadFocus = before.contains(document.activeElement);
  before.parentNode?.replaceChild(after, before);
  if (hadFocus && after instanceof Element) after.querySelector<HTMLElement>('vscode-button, button, summary')?.focus();
}
