/**
 * One purification with so many times the usual epochs; prints its largest resident set as JSON.
 *
 *   node --import tsx bench/engine/purifyOnce.ts SHARED FIXTURE EPOCHS
 */
import { purify } from '../../server/src/defense/purify';
import { resolveOptions } from '../../server/src/defense/options';
import { selectBackend } from '../../server/src/tensor/backend';
import { loadFixture } from '../purify/fixtures';

async function main([shared, fixture, factor]: readonly string[]): Promise<void> {
  await selectBackend('auto');
  const { model, clean, layout } = await loadFixture(fixture, shared);
  const { fineTuneEpochs, teacherEpochs, studentEpochs } = resolveOptions({}, clean.length);
  const times = Number(factor);
  const result = await purify({
    ...{ model, clean, layout, seed: 0 },
    options: {
      fineTuneEpochs: times * fineTuneEpochs,
      teacherEpochs: times * teacherEpochs,
      studentEpochs: times * studentEpochs,
    },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  result.disposeModels();
  process.stdout.write(`${JSON.stringify({ peakBytes: 1024 * process.resourceUsage().maxRSS })}\n`);
}

void main(process.argv.slice(2));
