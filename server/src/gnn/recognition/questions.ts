import type { ArchitectureOverride } from '../../../../protocol/manifest';
import { activations, readouts } from '../../../../protocol/model';
import type { AroundLayers } from './behindLayers';
import type { Dialect } from './dialect';
import type { FoundLayer } from './forms/layerForm';
import { partText, type Question, type Settings, type SettledPart } from './settings';

interface Subject {
  readonly dialect: Dialect;
  readonly layers: readonly FoundLayer[];
  readonly around: AroundLayers;
  /** What is assumed. */
  readonly settings: Settings;
  /** What the user vouches for. */
  readonly override: ArchitectureOverride;
}

/** What no tensor shows and nobody vouches for, the readout first: with the answer that is assumed, then the others. */
export function questionsOn({ dialect, layers, around, settings, override }: Subject): Question[] {
  const widths = layers.map(({ outputs }) => outputs);
  const last = widths[widths.length - 1];
  const hasNorms = around.norms.some((norm) => norm !== undefined);
  const isOfOneWidth = layers.length > 1 && new Set(widths).size === 1;
  const open: readonly (Question | false)[] = [
    { part: 'readout', values: readouts },
    settings.secondReadout !== undefined && { part: 'secondReadout', values: readouts },
    { part: 'lastActivation', values: [true, false] },
    around.encoder.length > 0 && { part: 'encoderActivation', values: [false, true] },
    layers.some(({ inputs, outputs }) => inputs === outputs) && { part: 'residual', values: [false, true] },
    hasNorms && { part: 'normBehindActivation', values: [false, true] },
    around.norms.some((norm) => norm !== undefined && !hasStatistics(norm)) && {
      part: 'norm',
      values: ['layer', 'graph-layer'],
    },
    isOfOneWidth &&
      around.outputs.length === 1 &&
      around.read === last && { part: 'jumping', values: [undefined, 'sum', 'max'] },
    ...(dialect.open ?? []),
    { part: 'activation', values: activations },
  ];
  return open
    .filter((question) => question !== false)
    .filter((question) => dialect.open?.includes(question) || !dialect.closed?.includes(question.part))
    .filter(({ part }) => override[part] === undefined)
    .map((question) => assumedFirst(question, settings));
}

function hasStatistics({ parts }: { readonly parts: readonly string[] }): boolean {
  return parts.includes('running_mean') || parts.includes('mean_scale');
}

function assumedFirst({ part, values }: Question, settings: Settings): Question {
  const assumed: Question<SettledPart>['values'][number] = settings[part] ?? values[0];
  return { part, values: [assumed, ...values.filter((value) => value !== assumed)] };
}

/** What is assumed, in words; undefined where nothing is open. */
export function assumedText(questions: readonly Question[]): string | undefined {
  if (questions.length === 0) return undefined;
  const parts = questions.map(({ part, values: [value] }) => partText(part, value)).join(', ');
  return `Assumed, because no tensor shows it: ${parts}. \`architecture\` in graphnad.json can say otherwise.`;
}
