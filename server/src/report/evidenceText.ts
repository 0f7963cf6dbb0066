import { estimateText, percent, plural, shareOfModels } from '../../../protocol/numberText';
import type { AttentionConcentration, AttentionExample, BackdoorEvidence } from '../../../protocol/reports';
import { measuredText } from '../scan/measuredText';
import { textTable } from './table';
import { triggerText } from './triggerText';

/** What a backdoor scan measured, in words and tables. */
export function evidenceText(evidence: BackdoorEvidence): string {
  const { syntheticGraphs, attention, measured } = evidence;
  const lines = [
    ...(syntheticGraphs === undefined
      ? []
      : [
          `Measured on ${plural(syntheticGraphs, 'made-up graph')} in place of clean data: less certain than with data.`,
        ]),
    `Suspicion ${evidence.suspicion.toFixed(2)}, above ${shareOfModels(evidence.abovePercentOfClean)} clean reference models.`,
    ...(measured ? [`${measuredText(measured)}.`] : []),
    `Estimated attack success rate toward class ${evidence.target}: ${estimateText(evidence.estimatedAsr)},` +
      ` ${plural(evidence.estimatedAsr.count, 'graph')} that were not used to find the trigger.`,
    `Toward each class: ${evidence.estimatedAsrByClass.map((estimate, i) => `${i}: ${estimateText(estimate)}`).join(', ')}.`,
    `Trigger found: ${triggerText(evidence.trigger)}.`,
    `Signals: ${Object.entries(evidence.signals)
      .map(([name, value]) => `${name} ${value.toFixed(3)}`)
      .join(', ')}.`,
  ];
  return [
    lines.join('\n'),
    ...(attention.length > 0 ? [attentionText(attention, syntheticGraphs === undefined)] : []),
  ].join('\n\n');
}

/** @param exist whether the graphs are any that somebody could look at */
function attentionText(attention: readonly AttentionConcentration[], exist: boolean): string {
  const table = textTable([
    ['layer', 'top 5% of nodes', 'with trigger', 'Gini', 'with trigger', 'entropy', 'with trigger'],
    ...attention.map(({ layer, clean, triggered, gini, entropy }) => [
      ...[String(layer), percent(clean), percent(triggered)],
      ...[gini.clean, gini.triggered, entropy.clean, entropy.triggered].map((value) => value.toFixed(2)),
    ]),
  ]);
  const examples = attention
    .filter((layer) => exist && layer.examples.length > 0)
    .map((layer) => `Layer ${layer.layer}, most in ${layer.examples.map(exampleText).join(', ')}.`);
  return ['How attention is spread over nodes, clean and with the trigger', table, ...examples].join('\n');
}

/** `graph 12 (node 4: 20% to 80%)` */
function exampleText({ graph, nodes, clean, triggered }: AttentionExample): string {
  return `graph ${graph} (node${nodes.length === 1 ? '' : 's'} ${nodes.join(', ')}: ${percent(clean)} to ${percent(triggered)})`;
}
