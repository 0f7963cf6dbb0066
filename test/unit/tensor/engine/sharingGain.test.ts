import assert from 'node:assert/strict';
import { SharingGain } from '../../../../server/src/tensor/engine/sharingGain';

const work = 1000;
/** Kinds of calls. */
const [product, other] = [1, 2];

/** What takes a millisecond alone. */
function experienced(): SharingGain {
  const gain = new SharingGain();
  gain.ranAlone(product, work, 1);
  return gain;
}

/** How long nothing is shared, in tenths of a millisecond. */
function pause(gain: SharingGain, now: number): number {
  let steps = 0;
  // Twice, because now and then a single call runs alone.
  while (!gain.shareNext(now + steps / 10) && !gain.shareNext(now + steps / 10)) steps++;
  return steps;
}

describe('SharingGain', () => {
  it('shares as long as nothing speaks against it', () => {
    const gain = new SharingGain();
    assert.ok(gain.shareNext(0));
    gain.wasShared(product, work, 5, 5);
    assert.ok(gain.shareNext(5));
  });

  it('goes on sharing calls that are faster than alone, but for one in 64', () => {
    const gain = experienced();
    const shared = Array.from({ length: 640 }, (_, now) => {
      const share = gain.shareNext(now);
      if (share) gain.wasShared(product, work, 0.6, now);
      else gain.ranAlone(product, work, 1);
      return share;
    });
    assert.equal(shared.filter((share) => !share).length, 10);
  });

  it('pauses for twenty times what was lost, longer with every further loss, and not for long', () => {
    const gain = experienced();
    let now = 0;
    const pauses = Array.from({ length: 8 }, () => {
      for (let i = 0; i < 24; i++) gain.wasShared(product, work, 1 + 0.5 / 24, now);
      const steps = pause(gain, now);
      now += steps / 10;
      return steps;
    });
    assert.deepEqual(pauses, [100, 200, 400, 800, 1000, 1000, 1000, 1000]);
  });

  it('does not judge by the first call, which has to wake the others', () => {
    const gain = experienced();
    gain.wasShared(product, work, 1.4, 0);
    assert.equal(pause(gain, 0), 0);
    for (let i = 0; i < 23; i++) gain.wasShared(product, work, 0.9, 1);
    assert.equal(pause(gain, 1), 0);
  });

  it('never loses more than a twentieth, however long a call was held up', () => {
    const gain = experienced();
    gain.wasShared(product, work, 51, 0);
    assert.equal(pause(gain, 0), 10_000);
  });

  it('puts up with a loss that was won before', () => {
    const gain = experienced();
    for (let i = 0; i < 4; i++) gain.wasShared(product, work, 0.5, i);
    gain.wasShared(product, work, 3.9, 10);
    assert.equal(pause(gain, 10), 0);
    gain.wasShared(product, work, 1.2, 11);
    assert.equal(pause(gain, 11), 220);
  });

  it('forgets what was won long ago, and losses that have been won back', () => {
    const gain = experienced();
    for (let i = 0; i < 15; i++) gain.wasShared(product, work, 1.5, 0);
    for (let i = 0; i < 1000; i++) gain.wasShared(product, work, 0.5, 1000);
    gain.wasShared(product, work, 5, 1000);
    assert.equal(pause(gain, 1000), 400);
  });

  it('follows a lasting change and takes single interruptions for what they are', () => {
    const gain = experienced();
    gain.ranAlone(product, work, 50);
    gain.wasShared(product, work, 2.5, 0);
    assert.equal(pause(gain, 0), 240);
    for (let i = 0; i < 100; i++) gain.ranAlone(product, work, 2);
    gain.wasShared(product, work, 1.4, 1000);
    assert.equal(pause(gain, 1000), 0);
  });

  it('judges each kind of call by its own pace', () => {
    const gain = experienced();
    gain.wasShared(other, work, 10, 0);
    assert.equal(pause(gain, 0), 0);
  });
});
