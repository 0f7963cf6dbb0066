import type { PaperOptions } from './baselineSettings';
import type { Defense } from './defense';
import { distilFineTuned } from './distillation';
import { guidanceTerms, guide } from './guidance';

/** The published distillation: CE + alpha L_AD + beta L_RC toward a fine-tuned teacher. */
export const graphnadPaper: Defense<PaperOptions> = {
  name: 'graphnad-paper',
  source: 'arXiv 2501.05835',
  fineTunedIs: 'teacher',
  run: (context, means) => {
    const { options } = context;
    return distilFineTuned(context, means, (rng) => (layers, batch) => {
      const guidance = guide(layers, batch, options, rng);
      return (own, step) => guidanceTerms(own, batch, guidance, step, options, rng);
    });
  },
};
