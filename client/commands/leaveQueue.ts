import { notify } from '../notify';
import { hasQueue } from '../queue/queuePassword';
import { changeSetting, setting } from '../settings';

/** `graphnad.leaveQueue`: has models scanned and purified on this machine from now on, with the way back. */
export async function leaveQueue(): Promise<void> {
  if (!hasQueue()) {
    void notify({ text: 'No queue is used: graphnad.queue.url is empty.', level: 'information' }, {});
    return;
  }
  const url = setting('queue.url');
  await changeSetting('queue.url', '');
  const text = 'Models are scanned and purified on this machine now: graphnad.queue.url was emptied.';
  void notify({ text, level: 'information' }, { 'Use the Queue Again': () => changeSetting('queue.url', url) });
}
