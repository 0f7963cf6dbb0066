import type { Connection } from 'vscode-languageserver';
import { StatusNotification } from '../../../protocol/requests';

/** Least time between two notifications, in milliseconds. */
const interval = 100;

type Facts = Omit<StatusNotification.Params, 'state' | 'activity'>;

/** Tells the client what runs and what was found, whenever that changes. */
export class Status {
  private readonly activities = new Set<{ readonly text: string }>();
  private timer: NodeJS.Timeout | undefined;
  private sent = '';

  /** @param facts answers what is known now */
  constructor(
    private readonly connection: Connection,
    private readonly facts: () => Facts,
  ) {}

  /** @returns to be called when that work is done */
  begin(activity: string): () => void {
    const entry = { text: activity };
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
    void this.connection.sendNotification(StatusNotification.method, status);
  }

  /** The work begun last, and how much more there is. */
  private activityText(): string | undefined {
    const texts = [...this.activities].map(({ text }) => text);
    const last = texts.at(-1);
    return last === undefined || texts.length === 1 ? last : `${last} and ${texts.length - 1} more`;
  }
}
