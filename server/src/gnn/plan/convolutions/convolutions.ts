import type { Convolution } from '../modelPlan';
import { gatConvolution, gatv2Convolution } from './attention';
import { edgeGcnConvolution } from './edgeGcn';
import { edgeGinConvolution } from './edgeGin';
import { gcnConvolution } from './gcn';
import { ginConvolution } from './gin';
import type { PlannedConvolution } from './plannedConvolution';
import { sageConvolution } from './sage';

/** @param eps of the layer, where it is one of GIN */
export function convolutionOf(plan: Convolution, eps: number): PlannedConvolution<unknown> {
  switch (plan.kind) {
    case 'gin':
      return ginConvolution(plan, eps);
    case 'gcn':
      return gcnConvolution(plan);
    case 'sage':
      return sageConvolution(plan);
    case 'gat':
      return gatConvolution(plan);
    case 'gatv2':
      return gatv2Convolution(plan);
    case 'edge-gin':
      return edgeGinConvolution(plan, eps);
    case 'edge-gcn':
      return edgeGcnConvolution(plan);
  }
}
