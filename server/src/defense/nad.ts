import { attentionLoss, attentionMaps } from './attention';
import type { NadOptions } from './baselineSettings';
import type { Defense } from './defense';
import { distilFineTuned } from './distillation';
import { attentionOf } from './guidance';

/**
 * Neural attention distillation, with attention over nodes in the place of pixels: cross-entropy and L_AD toward a
 * fine-tuned teacher.
 */
export const nad: Defense<NadOptions> = {
  name: 'nad',
  source: 'Li et al. 2021, "Neural attention distillation", ICLR',
  fineTunedIs: 'teacher',
  run: (context, means) => {
    const { options } = context;
    return distilFineTuned(context, means, () => (layers, batch) => {
      const taught = attentionMaps(layers, batch, attentionOf(options));
      return (own) => {
        const maps = attentionMaps(own, batch, attentionOf(options));
        const value = attentionLoss(maps, taught, batch.graphCount);
        return [{ name: 'attention', weight: options.attentionWeight, value }];
      };
    });
  },
};
