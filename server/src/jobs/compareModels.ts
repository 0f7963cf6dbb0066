import type { Estimate, StageFigures, StageResult } from '../../../protocol/reports';
import { defenseEffectiveness, wilsonInterval } from '../attack/metrics';
import type { GraphModel } from '../gnn/graphModel';
import { measureTrigger } from '../scan/estimatedAsr';
import { graphsOf } from './cleanData';
import { trueMetrics, type TrueAttack } from './evaluateTask';
import type { FoundTrigger } from './foundTrigger';
import type { RunnableModel } from './runModel';

/** What all models of a comparison are measured on: held-back graphs, the trigger found, and the true one if known. */
export interface Comparison {
  readonly run: Pick<RunnableModel, 'data' | 'splits'>;
  readonly found: Pick<FoundTrigger, 'trigger' | 'target'>;
  readonly attack?: TrueAttack;
  /** Chooses host nodes: the same for all models. */
  readonly seed: number;
}

/** Measures one model; the same comparison puts the same triggers in the same places of the same graphs. */
export function figuresOf(model: GraphModel, { run, found, attack, seed }: Comparison): StageFigures {
  const { data, splits } = run;
  const heldBack = graphsOf(data.graphs, splits.test);
  const { acc } = trueMetrics(model, data, splits.test, undefined);
  const { trigger, target } = found;
  const { asr, flipAsr, flipCount, cleanTargetRate, interval } = measureTrigger(
    model,
    trigger,
    target,
    heldBack,
    data.layout,
    seed,
  );
  return {
    estimated: {
      ...{ acc, asr, flipAsr, cleanTargetRate, asrInterval: interval },
      accInterval: intervalOf(acc, heldBack.length),
      ...(flipAsr !== undefined && { flipAsrInterval: intervalOf(flipAsr, flipCount) }),
    },
    ...(attack === undefined ? {} : { true: trueMetrics(model, data, splits.test, attack) }),
  };
}

/** Measures models side by side; the first is what the defense effectiveness rating of the others refers to. */
export function compareStages(
  comparison: Comparison,
  models: readonly (readonly [StageResult['name'], GraphModel])[],
): StageResult[] {
  const stages: StageResult[] = [];
  for (const [name, model] of models) {
    const figures = figuresOf(model, comparison);
    const before = stages.at(0)?.estimated;
    stages.push({
      name,
      ...figures,
      ...(before === undefined ? {} : { der: defenseEffectiveness(outcomeOf(before), outcomeOf(figures.estimated)) }),
    });
  }
  return stages;
}

/** @param share of `count` graphs */
function intervalOf(share: number, count: number): Estimate {
  return wilsonInterval(Math.round(share * count), count);
}

function outcomeOf({ acc, asr = 0 }: StageFigures['estimated']): { acc: number; asr: number } {
  return { acc, asr };
}
