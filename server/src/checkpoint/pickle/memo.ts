/** What a pickle stream keeps under numbers to fetch it again. */

import { limits } from '../limits';
import { PickleFault } from './fault';
import type { PickleValue } from './values';

export class Memo {
  private readonly values = new Map<number, PickleValue>();
  private before?: Memo;
  private count = 0;

  /** How many values there are, which is the number that MEMOIZE gives to the next. */
  get size(): number {
    return this.count;
  }

  /** Starts, still empty, with the values of another memo, which must not change meanwhile and stays as it is. */
  goOnFrom(before: Memo): void {
    this.before = before;
    this.count = before.count;
  }

  /** @throws PickleFault where there are too many values */
  set(key: number, value: PickleValue): void {
    if (this.count >= limits.pickleMemo) throw new PickleFault('the memo is larger than is followed', true);
    if (this.find(key) === undefined) this.count++;
    this.values.set(key, value);
  }

  /** @throws PickleFault where there is no value of that number */
  get(key: number): PickleValue {
    const value = this.find(key);
    if (value === undefined) throw new PickleFault(`memo key ${key} was never set`);
    return value;
  }

  private find(key: number): PickleValue | undefined {
    return this.values.get(key) ?? (this.values.has(key) ? null : this.before?.find(key));
  }
}
