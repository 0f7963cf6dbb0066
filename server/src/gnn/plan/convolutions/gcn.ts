import { aggregation } from '../aggregation';
import type { GcnConvolution } from '../modelPlan';
import { nothing } from '../planParameters';
import { propagation } from './gin';
import type { PlannedConvolution } from './plannedConvolution';

const divisors = { both: 'both', right: 'receiver', none: undefined } as const;

/** GCN (Kipf & Welling 2017) with any self-loops and normalisation: A h, and a linear layer as the first of the steps. */
export function gcnConvolution(plan: GcnConvolution): PlannedConvolution<undefined> {
  const { linear, normalisation = 'both', selfLoops = 1 } = plan;
  return {
    spec: nothing,
    steps: [{ step: 'linear', ...linear }],
    sites: ['aggregated'],
    byDegree: normalisation === 'both',
    forward: (_, run) => {
      const { batch, folding, depth } = run;
      const weighing = { selfLoop: selfLoops, dividedBy: divisors[normalisation] };
      return propagation(aggregation(batch, folding, depth, weighing), run);
    },
    linears: () => [],
  };
}
