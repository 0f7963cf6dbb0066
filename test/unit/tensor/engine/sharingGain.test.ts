import assert from 'node:assert/strict';
import { SharingGain } from '../../../../server/src/tensor/engine/sharingGain';

const work = 1000;

describe('SharingGain', () => {
  it('shares as long as nothing speaks against it', () => {
    const gain = new SharingGain();
    gain.wasShared('gemm', work, 5, 5);
    assert.ok(gain.maySharePay(5));
  });

  it('goes on sharing calls that are faster than alone', () => {
    const gain = new SharingGain();
    gain.ranAlone('gemm', work, 1);
    for (let now = 1; now < 10; now++) gain.wasShared('gemm', work, 0.6, now);
    assert.ok(gain.maySharePay(10));
  });

  it('pauses for twenty times what was lost, longer with every further loss, and never for long', () => {
    const gain = new SharingGain();
    gain.ranAlone('gemm', work, 1);
    let now = 0;
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      gain.wasShared('gemm', work, 1.5, now);
      const end = Array.from({ length: 2000 }, (_, step) => now + step / 10).find((time) => gain.maySharePay(time))!;
      pauses.push(Math.round(end - now));
      now = end;
    }
    assert.deepEqual(pauses, [10, 20, 40, 80, 100, 100, 100, 100]);
  });

  it('becomes less careful again when sharing pays', () => {
    const gain = new SharingGain();
    gain.ranAlone('gemm', work, 1);
    for (let i = 0; i < 5; i++) gain.wasShared('gemm', work, 1.5, 0);
    for (let i = 0; i < 5; i++) gain.wasShared('gemm', work, 0.5, 1000);
    gain.wasShared('gemm', work, 1.5, 1000);
    assert.ok(!gain.maySharePay(1009));
    assert.ok(gain.maySharePay(1010.1));
  });

  it('is not misled by a call that was interrupted, and follows a lasting change', () => {
    const gain = new SharingGain();
    gain.ranAlone('gemm', work, 1);
    gain.ranAlone('gemm', work, 50);
    gain.wasShared('gemm', work, 1.3, 0);
    assert.ok(!gain.maySharePay(1));
    for (let i = 0; i < 100; i++) gain.ranAlone('gemm', work, 2);
    gain.wasShared('gemm', work, 1.3, 1000);
    assert.ok(gain.maySharePay(1000));
  });

  it('judges each kernel by its own pace', () => {
    const gain = new SharingGain();
    gain.ranAlone('gemm', work, 1);
    gain.wasShared('transpose', work, 10, 0);
    assert.ok(gain.maySharePay(0));
  });
});
