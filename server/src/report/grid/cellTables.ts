import { markdownTable } from '../markdown';
import { overSeeds, variantName, type Combination } from './combination';
import type { TriggerAttention } from './record';
import { groupBy, shareText } from './spread';
import { outcomeText, suspectText } from './summaryTables';

/**
 * For each data set, a row an attack on an architecture: suspect, floor, and what each defense made of it. Models that
 * nothing is known of are named below their table.
 */
export function cellTables(combinations: readonly Combination[], heading: string): string {
  return [...groupBy(combinations, ({ data }) => data)]
    .map(([data, own]) => `${heading} ${data}\n\n${cellTable(own)}`)
    .join('\n');
}

function cellTable(combinations: readonly Combination[]): string {
  const variantOf = variantName(combinations);
  const variants = [...new Set(combinations.map(variantOf))];
  const models = [...groupBy(combinations, ({ attack, architecture }) => `${architecture}, ${attack}`)];
  const isKnown = (own: readonly Combination[]): boolean =>
    own.some(({ measured, failed }) => measured.length > 0 || failed > 0);
  const unknown = models.filter(([, own]) => !isKnown(own)).map(([name]) => name);
  const rows = models.filter(([, own]) => isKnown(own));
  const table = markdownTable([
    ['model', 'suspect', 'floor', ...variants],
    ...rows.map(([name, own]) => [
      name,
      suspectText(own),
      shareText(
        overSeeds(
          own.flatMap(({ measured }) => measured),
          ({ floor }) => floor?.flipAsr,
        ),
      ),
      ...variants.map((variant) => outcomeText(own.filter((one) => variantOf(one) === variant))),
    ]),
  ]);
  if (unknown.length === 0) return table;
  return `${rows.length > 0 ? `${table}\n` : ''}Not measured: ${unknown.join('; ')}.\n`;
}

/**
 * Share of attention on the nodes that the trigger touches, in percent, layer by layer: on the graphs as they are ->
 * with the trigger. Empty where it was not measured.
 */
export function attentionTable(combinations: readonly Combination[]): string {
  const measured = combinations.filter((one) => one.measured.some(({ before }) => before.attention));
  if (measured.length === 0) return '';
  const variantOf = variantName(combinations);
  const variants = [...new Set(measured.map(variantOf))];
  const models = groupBy(measured, ({ data, attack, architecture }) => [data, architecture, attack].join(', '));
  const rows = [...models].flatMap(([name, own]): string[][] => {
    const of = (variant: string): Combination[] => own.filter((one) => variantOf(one) === variant);
    const layers = own[0].measured[0].before.attention?.clean.length ?? 0;
    return Array.from({ length: layers }, (_, layer) => [
      layer === 0 ? name : '',
      String(layer + 1),
      attentionText(own, layer, 'before'),
      attentionText(own, layer, 'floor'),
      ...variants.map((variant) => attentionText(of(variant), layer, 'after')),
    ]);
  });
  return markdownTable([['model', 'layer', 'suspect', 'never poisoned', ...variants], ...rows]);
}

function attentionText(
  combinations: readonly Combination[],
  layer: number,
  which: 'before' | 'floor' | 'after',
): string {
  const records = combinations.flatMap(({ measured }) => measured);
  const share = (when: keyof TriggerAttention): string =>
    shareText(overSeeds(records, (record) => record[which]?.attention?.[when].at(layer)));
  return `${share('clean')} -> ${share('triggered')}`;
}
