import { visible } from '../report/visible';
import { say } from './output';

/** Troubles that are told before the queue is well again: those behind them are mostly what comes of the first. */
const mostTold = 3;

/** Tells of each trouble with a queue, once, and of its end, which is an empty text. */
export function troubleTeller(): (trouble: string) => void {
  const told = new Set<string>();
  return (trouble) => {
    if (trouble === '') {
      if (told.size > 0) say('graphnad: the queue is well again');
      told.clear();
    } else if (told.size < mostTold && !told.has(trouble)) {
      told.add(trouble);
      say(`graphnad: the queue: ${visible(trouble)}`);
    }
  };
}
