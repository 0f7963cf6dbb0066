import { attentionLoss, attentionMaps } from './attention';
import { attentionEdgeLoss, attentionEdges } from './attentionEdges';
import type { ArgdOptions } from './baselineSettings';
import type { Defense } from './defense';
import { distilFineTuned } from './distillation';
import { attentionOf } from './guidance';

/**
 * Attention relation graph distillation: the relation graph of a model has a node a layer, its attention map, and an
 * edge a pair of layers, the distance of their maps. A student learns nodes and edges of a fine-tuned teacher. The
 * third part of the original, an embedding of the relation graph by a network that is trained with it on the channels
 * and sizes of image maps, has no counterpart here: all layers of a graph have maps of the same size.
 */
export const argd: Defense<ArgdOptions> = {
  name: 'argd',
  source:
    'Xia et al. 2022, "Eliminating backdoor triggers for deep neural networks using attention relation graph distillation", IJCAI',
  fineTunedIs: 'teacher',
  run: (context, means) => {
    const { options } = context;
    return distilFineTuned(context, means, () => (layers, batch) => {
      const taught = attentionMaps(layers, batch, attentionOf(options));
      const taughtEdges = attentionEdges(taught, batch);
      return (own) => {
        const maps = attentionMaps(own, batch, attentionOf(options));
        const nodes = attentionLoss(maps, taught, batch.graphCount);
        const edges = attentionEdgeLoss(attentionEdges(maps, batch), taughtEdges);
        return [
          { name: 'attention', weight: options.attentionWeight, value: nodes },
          { name: 'attention-edges', weight: options.attentionEdgeWeight, value: edges },
        ];
      };
    });
  },
};
