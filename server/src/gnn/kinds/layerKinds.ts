import type { ModelKind } from '../../../../protocol/model';
import { gat } from './gat';
import { gatv2 } from './gatv2';
import { gcn } from './gcn';
import { gin } from './gin';
import type { LayerKind } from './layerKind';
import { sage } from './sage';

/** All kinds of layers. */
const layerKinds: readonly LayerKind[] = [gin, gatv2, gat, sage, gcn];

export function layerKindOf(kind: ModelKind): LayerKind {
  const found = layerKinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new RangeError(`there is no kind of layer ${kind}`);
  return found;
}
