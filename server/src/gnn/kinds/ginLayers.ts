import type { GraphModel } from '../graphModel';
import type { GinLayer } from './gin';

/**
 * The layers of a model that is a GIN of the usual shape.
 *
 * @throws RangeError for a model of another shape
 */
export function ginLayers({ parameters }: GraphModel): readonly GinLayer[] {
  return parameters.layers as readonly GinLayer[];
}
