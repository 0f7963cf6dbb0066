import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { percent } from '../../protocol/numberText';
import { withTraces } from './calibrationFile';
import { writeFigures, writeResults } from './detectionDoc';
import { calibrationPlot, rocPlot } from './referencePlots';
import { dataSets } from './referencePlan';
import { cleanSizes, isBackdoored, type AssessedReference, type CleanSize } from './referenceRecords';
import {
  choices,
  counted,
  groupTable,
  leftOut,
  modelTable,
  overview,
  signalTable,
  withoutNorm,
  type Part,
} from './referenceTables';
import { besideClean, leaveDataSetAndAttackOut, leaveOut, type Scored } from './validation';

const folder = path.join(__dirname, '..', '..', 'docs', 'results');

const titles: Readonly<Record<CleanSize, string>> = {
  few: '3% of the training graphs, at least ten',
  many: '128 training graphs',
};

/**
 * Writes docs/results/scan-models.md, the list of models beside it, and the plots.
 *
 * @param refused how many scans did not come to evidence
 */
export async function writeReferenceReport(all: readonly AssessedReference[], refused: number): Promise<void> {
  const bySize = cleanSizes.map((size) => {
    const own = all.filter(({ cleanSize }) => cleanSize === size);
    const records = withTraces(own);
    return { size, own, records, strict: leaveDataSetAndAttackOut(records) };
  });
  const [few] = bySize;
  const parts = bySize.map(({ size, strict }): Part => [titles[size], strict]);
  const recipes = new Set(all.map(({ recipe }) => recipe.name)).size;
  const sections = [
    '# Scans of reference models',
    `Written by \`npx tsx bench/scanCalibration.ts fit\` from \`bench/results/scan/reference.jsonl\`; [detection](../detection.md) says what the figures mean. Model by model: [list](scan-models-list.md).`,
    `${counted(few.own)} whose attack works (true ASR at least 80%): GIN of ${recipes} recipes on ${dataSets.join(', ')}, the backdoored ones of all attacks toward either class. Each was scanned once with 3% of its training graphs, none poisoned and at least ten, and once with 128; ${refused} scans were refused, because the model gets no more than guessing right on the clean graphs, or puts them all into one class. With 3%, ${counted(few.records)} have BatchNorm; all tables but the last are of these.`,
    '## With the data set and the attack left out',
    'Every model is scored by coefficients, and by a choice of signals, that saw neither its data set nor its attack. A finding is raised where the false-alarm rate among the clean models that the score was fitted on is at most 5% (error) or 10% (warning).',
    overview(parts),
    ...bySize.flatMap(({ size }) => [`![ROC curves, ${titles[size]}](scan-roc-${size}.svg)`]),
    ...bySize.flatMap(({ size }) => [`![Calibration, ${titles[size]}](scan-calibration-${size}.svg)`]),
    ...bySize.flatMap(({ size, records, strict }) => sizeSections(titles[size], records, strict)),
    '## Models without BatchNorm',
    ...bySize.map(({ size, own, records }) =>
      withoutNorm(
        titles[size],
        own.filter((record) => !records.includes(record)),
      ),
    ),
  ];
  await writeResults('scan-models.md', sections);
  await writeResults('scan-models-list.md', [
    '# Reference models, one by one',
    'Written by `npx tsx bench/scanCalibration.ts fit`. Scored as in the first table of [scans of reference models](scan-models.md): log-odds above 0 lean towards a backdoor, and the false-alarm rate is that among the clean models of the training part.',
    ...bySize.flatMap(({ size, strict }) => [`## ${titles[size]}`, modelTable(strict)]),
  ]);
  for (const { size, strict } of bySize) {
    writeFileSync(path.join(folder, `scan-roc-${size}.svg`), rocPlot(titles[size], strict));
    writeFileSync(path.join(folder, `scan-calibration-${size}.svg`), calibrationPlot(titles[size], strict));
  }
  await writeFigures('scanCalibration.ts', [
    overview(parts),
    leftOut(parts),
    '![ROC curves, 128 training graphs](results/scan-roc-many.svg)',
  ]);
  console.log(sections.join('\n\n'));
}

function sizeSections(title: string, records: readonly AssessedReference[], strict: readonly Scored[]): string[] {
  const clean = strict.filter(({ record }) => !isBackdoored(record));
  const byRecipe = leaveOut(records, ({ recipe }) => recipe.name);
  return [
    `## ${title}`,
    'By data set and by attack, both left out; an attack or a poisoning rate is set against all clean models:',
    groupTable('data set', strict, ({ dataSet }) => dataSet),
    groupTable('attack', strict, ({ attack }) => attack?.kind, (_, attack) => besideClean(strict, attack)), // prettier-ignore
    groupTable('poisoning rate', strict, ({ attack }) => attack && percent(attack.poisoningRate), (own) => [...own, ...clean]), // prettier-ignore
    'By recipe, with the recipe left out:',
    groupTable('recipe', byRecipe, ({ recipe }) => recipe.name),
    'What scores of other signals come to, with one data set at a time left out:',
    signalTable(records),
    choices(strict),
  ];
}
