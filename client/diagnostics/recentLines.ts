/** The last lines of a log, for whoever reports a problem. */
export class RecentLines {
  private readonly lines: string[] = [];

  /** @param limit number of lines that are kept */
  constructor(private readonly limit: number) {}

  add(text: string): void {
    this.lines.push(...text.replace(/\n$/, '').split('\n'));
    this.lines.splice(0, Math.max(0, this.lines.length - this.limit));
  }

  clear(): void {
    this.lines.length = 0;
  }

  get all(): readonly string[] {
    return [...this.lines];
  }
}
