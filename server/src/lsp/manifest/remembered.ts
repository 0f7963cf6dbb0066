/** Results of work by what they are about, those that were asked for last. */
export class Remembered<Result> {
  private readonly known = new Map<string, Promise<Result>>();

  /** @param most results beyond these are forgotten, the oldest first */
  constructor(private readonly most: number) {}

  /** What is remembered, else what `work` comes to; a failure is not remembered, so that the next to ask tries again. */
  get(key: string, work: () => Promise<Result>): Promise<Result> {
    const result = this.known.get(key) ?? work();
    this.known.delete(key); // at the end of those that are forgotten
    this.known.set(key, result);
    result.catch(() => this.known.delete(key));
    if (this.known.size > this.most) this.known.delete([...this.known.keys()][0]);
    return result;
  }
}
