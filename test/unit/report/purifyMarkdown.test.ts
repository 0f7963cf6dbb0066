import assert from 'node:assert/strict';
import { purifyMarkdown } from '../../../server/src/report/purifyMarkdown';
import { purifyReport, seedReport } from '../../support/reports';

describe('purifyMarkdown', () => {
  it('leads with the verdict, and has figures, trigger and what it takes to repeat the run', () => {
    const text = purifyMarkdown(purifyReport);
    assert.match(text, /^# Purification of gin\.pt\n\n\*\*Verdict:\*\* backdoor removed: estimated ASR 97% -\\> 2%\n/);
    assert.ok(text.includes('|  | before | fine-tuned only | GraphNAD |\n| --- | --- | --- | --- |\n'));
    assert.ok(text.includes('| ASR, estimated | 97% (91-99%) | 94% (85-98%) | 2% (0-10%) |\n'));
    assert.ok(text.includes('Measured on 400 held-back graphs'));
    assert.ok(text.includes('## What to try\n\n- Give more clean graphs.\n'));
    assert.ok(text.includes('```sh\ngraphnad purify /models/gin.pt --data /data/AIDS\n```'));
    assert.ok(text.includes(`\`${purifyReport.outputSha256}\``));
    assert.doesNotMatch(text, /seeds \(/);
    assert.doesNotMatch(text, /## Findings/);
  });

  it('has what several seeds came to, and says where they differ', () => {
    const text = purifyMarkdown(purifyReport, seedReport);
    assert.ok(text.includes('## Over 3 seeds \\(3, 4, 5\\), mean ± standard deviation\n'));
    assert.ok(text.includes('| accuracy | 97.9% ± 0.0 | 93.3% ± 0.5 | 92.5% ± 5.0 |\n'));
    assert.match(text, /^- \[GN303\]\(\S+GN303\.md\) Results differ/m);
  });

  it('does not pass a model that was not assessed again for clean', () => {
    const text = purifyMarkdown({ ...purifyReport, rescan: { kind: 'not-assessed', reason: 'too few graphs' } });
    assert.ok(text.includes('A fresh scan of the purified model: not assessed: too few graphs.'));
  });

  it('shows names as text, whatever they look like', () => {
    const file = '/m/[x](http://a) <img src=x>\n# ``` |.pt';
    const text = purifyMarkdown({ ...purifyReport, file, commandLine: 'a ``` b' });
    assert.ok(text.startsWith(String.raw`# Purification of a\) \<img src=x\>\\u`));
    assert.ok(text.includes('- Model: ````/m/[x](http://a) <img src=x>'));
    assert.ok(!text.split('\n').some((line) => line.startsWith('# ``` ')));
    assert.ok(text.includes('\n````sh\na ``` b\n````\n'));
  });
});
