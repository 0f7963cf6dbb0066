import type { FindingCode } from '../protocol/findings';
import type { PanelCommand, PanelState } from '../protocol/panel';
import { comparisonSection } from './comparison';
import { curvesSection } from './curves/curvesSection';
import { adviceSection, findingsSection } from './findings';
import { html } from './dom';
import { header } from './header';
import { outcomeOf } from './outcome';
import { Parts } from './parts';
import { reproduceSection } from './reproduce';
import { seedsProgress, seedsSection } from './seeds';
import { stagesSection } from './stages';
import { triggerSection } from './trigger/triggerSection';

interface Actions {
  readonly command: (command: PanelCommand) => void;
  readonly explain: (code: FindingCode) => void;
  readonly tryRemedy: (remedy: number) => void;
}

const partNames = ['header', 'advice', 'stages', 'comparison', 'seeds', 'seeds progress', 'curves', 'trigger', 'findings', 'reproduce']; // prettier-ignore

/** The whole page. */
export class View {
  private readonly parts = new Parts();
  /** Stays in place, so that screen readers notice when its text changes. */
  private readonly announcement = html('p', { class: 'for-screen-readers', role: 'status' });

  constructor(
    root: HTMLElement,
    private readonly actions: Actions,
  ) {
    root.append(this.announcement);
    for (const name of partNames) this.parts.place(name, root);
  }

  draw(state: PanelState): void {
    const { report, failure, seeds } = state;
    const { command, explain, tryRemedy } = this.actions;
    this.announce(announcement(state));
    this.parts.draw('header', [state.modelName, state.outputName, report, failure, seeds === undefined], () =>
      header(state, command),
    );
    this.parts.draw('advice', [report?.advice, report?.remedies], () =>
      adviceSection(report?.advice ?? [], report?.remedies ?? [], tryRemedy),
    );
    this.parts.draw('stages', [state.progress, state.stages, state.secondsLeft, failure], () => stagesSection(state));
    this.parts.draw(
      'comparison',
      [report?.stages, report?.rescan, seeds?.report],
      () => report && comparisonSection(report, seeds?.report),
    );
    this.parts.draw('seeds', seeds && [seeds.report, seeds.failure], () => seedsSection(seeds, command));
    this.parts.draw('seeds progress', [seeds?.progress, seeds?.secondsLeft], () => seedsProgress(seeds));
    this.parts.draw('curves', state.curves, () => curvesSection(state.curves));
    this.parts.draw('trigger', report?.trigger, () => report && triggerSection(report.trigger));
    const findings = [...(report?.findings ?? []), ...(seeds?.report?.findings ?? [])];
    this.parts.draw('findings', findings, () => findingsSection(findings, explain));
    this.parts.draw('reproduce', report, () => report && reproduceSection(report));
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
