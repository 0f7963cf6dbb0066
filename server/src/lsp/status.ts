import type { Connection } from 'vscode-languageserver';
import { StatusNotification } from '../../../protocol/requests';
import { unheard } from './unheard';

/** Least time between two notifications, in milliseconds. */
const interval = 100;

/** Work that goes on. */
export interface Activity {
  /** @param fraction share of it that is done, in [0, 1] */
  readonly progress: (fraction: number) => void;
  readonly done: () => void;
}

interface Entry {
  readonly text: string;
  /** Whether somebody waits for it. */
  readonly asked: boolean;
  /** Known as soon as it is more than waited for. */
  percent?: number;
}

type Facts = Omit<StatusNotification.Params, 'state' | 'activity' | 'scans'>;

/** Tells the client what runs and what was found, whenever that changes. */
export class Status {
  private readonly activities = new Set<Entry>();
  /** Background scans since there was last nothing to do. */
  private scans = { done: 0, total: 0 };
  private timer: NodeJS.Timeout | undefined;
  private sent = '';

  /** @param facts answers what is known now */
  constructor(
    private readonly connection: Connection,
    private readonly facts: () => Facts,
  ) {}

  /** @param asked whether somebody waits for it; what nobody waits for are scans in the background */
  begin(text: string, asked: boolean): Activity {
    const entry: Entry = { text, asked };
    this.activities.add(entry);
    if (!asked) this.scans.total++;
    this.changed();
    return {
      progress: (fraction) => {
        entry.percent = Math.floor(100 * fraction);
        this.changed();
      },
      done: () => {
        this.activities.delete(entry);
        if (!asked) this.scans.done++;
        if (this.activities.size === 0) this.scans = { done: 0, total: 0 };
        this.changed();
      },
    };
  }

  changed(): void {
    this.timer ??= setTimeout(() => this.send(), interval);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private send(): void {
    this.timer = undefined;
    const status: StatusNotification.Params = {
      ...this.facts(),
      state: this.activities.size > 0 ? 'busy' : 'idle',
      activity: this.activityText(),
      scans: this.scans.total > 0 ? this.scans : undefined,
    };
    const text = JSON.stringify(status);
    if (text === this.sent) return;
    this.sent = text;
    unheard(this.connection.sendNotification(StatusNotification.method, status));
  }

  /** What somebody waits for, else what runs, else what waited longest, and how much more there is. */
  private activityText(): string | undefined {
    const activities = [...this.activities];
    const running = activities.find(({ percent }) => percent !== undefined);
    const shown = activities.find(({ asked }) => asked) ?? running ?? activities.at(0);
    if (shown === undefined) return undefined;
    const text = shown.percent === undefined ? shown.text : `${shown.text}, ${shown.percent}%`;
    return activities.length === 1 ? text : `${text} and ${activities.length - 1} more`;
  }
}
