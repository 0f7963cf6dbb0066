/** The stack of the pickle machine with its marks. Nothing below the last mark can be popped, as in `_pickle.c`. */

import { limits } from '../limits';
import { PickleFault } from './fault';
import type { PickleValue } from './values';

export class ValueStack {
  private readonly values: PickleValue[] = [];
  private readonly marks: number[] = [];

  push(value: PickleValue): void {
    if (this.values.length >= limits.pickleStack) throw new PickleFault('its stack is deeper than is followed', true);
    this.values.push(value);
  }

  mark(): void {
    if (this.marks.length >= limits.pickleMarks) throw new PickleFault('it is nested deeper than is followed', true);
    this.marks.push(this.values.length);
  }

  /** Takes the values and marks of another stack; gives how many there are. */
  copy({ values, marks }: ValueStack): number {
    for (const value of values) this.values.push(value);
    for (const mark of marks) this.marks.push(mark);
    return values.length + marks.length;
  }

  /** The value on top, left there. */
  top(): PickleValue {
    this.require(1);
    return this.values[this.values.length - 1];
  }

  pop(): PickleValue {
    const value = this.top();
    this.values.pop();
    return value;
  }

  /** The last `count` values, in the order they were pushed. */
  popMany(count: number): PickleValue[] {
    this.require(count);
    return this.values.splice(this.values.length - count);
  }

  /** All values since the last mark; the mark goes too. */
  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleFault('it looks for a mark that was never set');
    return this.values.splice(mark);
  }

  /** POP: takes off the last mark where nothing was pushed since, else one value. */
  discard(): void {
    if (this.marks.length > 0 && this.marks[this.marks.length - 1] === this.values.length) this.marks.pop();
    else this.pop();
  }

  private require(count: number): void {
    const fence = this.marks.length > 0 ? this.marks[this.marks.length - 1] : 0;
    if (this.values.length - fence < count) throw new PickleFault('its stack is empty where a value is needed');
  }
}
