import type { Connection } from 'vscode-languageserver';
import { StatusNotification } from '../../../protocol/requests';
import { unheard } from './unheard';

/** Least time between two notifications, in milliseconds. */
const interval = 100;

interface Activity {
  readonly text: string;
  /** Whether somebody waits for it. */
  readonly asked: boolean;
}

type Facts = Omit<StatusNotification.Params, 'state' | 'activity'>;

/** Tells the client what runs and what was found, whenever that changes. */
export class Status {
  private readonly activities = new Set<Activity>();
  private timer: NodeJS.Timeout | undefined;
  private sent = '';

  /** @param facts answers what is known now */
  constructor(
    private readonly connection: Connection,
    private readonly facts: () => Facts,
  ) {}

  /** @returns to be called when that work is done */
  begin(text: string, asked: boolean): () => void {
    const entry: Activity = { text, asked };
    this.activities.add(entry);
    this.changed();
    return () => {
      this.activities.delete(entry);
      this.changed();
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
    };
    const text = JSON.stringify(status);
    if (text === this.sent) return;
    this.sent = text;
    unheard(this.connection.sendNotification(StatusNotification.method, status));
  }

  /** What somebody waits for, else the work that waited longest, and how much more there is. */
  private activityText(): string | undefined {
    const activities = [...this.activities];
    const shown = activities.find(({ asked }) => asked) ?? activities.at(0);
    return shown === undefined || activities.length === 1
      ? shown?.text
      : `${shown.text} and ${activities.length - 1} more`;
  }
}
