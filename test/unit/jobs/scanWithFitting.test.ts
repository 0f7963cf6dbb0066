import assert from 'node:assert/strict';
import type { BackdoorVerdict, ScanReport } from '../../../protocol/reports';
import { scanWithFitting } from '../../../server/src/jobs/scanWithFitting';

describe('scanWithFitting', () => {
  const foreign: BackdoorVerdict = { kind: 'not-assessed', code: 'GN905', reason: 'the clean graphs lie far off' };

  /** Scans by a table of verdicts, and says with what data. */
  function scans(verdicts: Readonly<Record<string, BackdoorVerdict>>): {
    readonly scan: (data: string | undefined) => Promise<ScanReport>;
    readonly asked: (string | undefined)[];
  } {
    const asked: (string | undefined)[] = [];
    const scan = (data: string | undefined): Promise<ScanReport> => {
      asked.push(data);
      return Promise.resolve({
        ...{
          file: 'gin.pt',
          sha256: '',
          bytes: 1,
          format: 'pytorch-zip',
          architectureNotes: ['settled'],
          findings: [],
        },
        backdoor: verdicts[data ?? ''],
        settings: { seed: 0, data, backend: 'graphnad' },
      });
    };
    return { scan, asked };
  }

  const running: BackdoorVerdict = { kind: 'not-assessed', reason: 'only its code was looked at' };

  it('takes the next data set where the best fitting one is refused, and says so', async () => {
    const { scan, asked } = scans({ '/a/NCI1': foreign, '/a/AIDS': running, '/a/DHFR': running });
    const report = await scanWithFitting(['/a/NCI1', '/a/AIDS', '/a/DHFR'], scan);
    assert.deepEqual(asked, ['/a/NCI1', '/a/AIDS']);
    assert.equal(report.settings.data, '/a/AIDS');
    assert.deepEqual(report.architectureNotes, [
      'settled',
      'NCI1 has features of the right width, but was refused: the clean graphs lie far off.',
    ]);
  });

  it('reports the refusal of the best fitting one where all are refused', async () => {
    const other: BackdoorVerdict = { ...foreign, reason: 'all clean graphs belong to one class' };
    const { scan, asked } = scans({ '/a/NCI1': foreign, '/a/AIDS': other });
    const report = await scanWithFitting(['/a/NCI1', '/a/AIDS'], scan);
    assert.equal(asked.length, 2);
    assert.deepEqual([report.backdoor, report.architectureNotes], [foreign, ['settled']]);
  });

  it('scans without data where there are none', async () => {
    const { scan, asked } = scans({ '': foreign });
    assert.equal((await scanWithFitting([], scan)).backdoor, foreign);
    assert.deepEqual(asked, [undefined]);
  });
});
