import type { GraphModel } from '../../gnn/graphModel';
import type { ModelFigures } from '../../report/grid/record';
import { graphsOf } from '../cleanData';
import { trueMetrics, type TrueAttack } from '../evaluateTask';
import type { EncodedData } from './gridData';
import { splitsOf, type SuspectSpec } from './suspect';
import { triggerAttention } from './triggerAttention';

/** True figures of a model on the test split, with five digits. @param attention whether to measure that, too */
export function figuresOf(
  model: GraphModel,
  spec: SuspectSpec,
  data: EncodedData,
  attack: TrueAttack | undefined,
  attention: boolean,
): ModelFigures {
  const metrics = trueMetrics(model, data, splitsOf(spec, data).test, attack);
  const onTrigger =
    attention && attack
      ? triggerAttention(model, graphsOf(data.graphs, attack.triggered.ids), attack.triggered.graphs, data.layout)
      : undefined;
  return {
    acc: fiveDigits(metrics.acc),
    ...(metrics.asr === undefined ? {} : { asr: fiveDigits(metrics.asr) }),
    ...(metrics.flipAsr === undefined ? {} : { flipAsr: fiveDigits(metrics.flipAsr) }),
    ...(metrics.cleanTargetRate === undefined ? {} : { cleanTargetRate: fiveDigits(metrics.cleanTargetRate) }),
    ...(onTrigger === undefined
      ? {}
      : { attention: { clean: onTrigger.clean.map(fiveDigits), triggered: onTrigger.triggered.map(fiveDigits) } }),
  };
}

function fiveDigits(share: number): number {
  return Number(share.toFixed(5));
}
