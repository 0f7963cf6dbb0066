import type { ArchitectureSummary } from '../../protocol/model';
import {
  attack,
  type AttackInput,
  type AttackKind,
  type AttackOptions,
  type AttackResult,
} from '../../server/src/attack/attacks';
import { encodeDataset } from '../../server/src/dataset/features';
import { makeMolecules } from '../../server/src/dataset/synthetic';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';

/** Made-up molecules for tests of attacks: graphs to train on, and others to measure on. */
export interface AttackData {
  readonly train: readonly Graph[];
  readonly test: readonly Graph[];
  readonly layout: FeatureLayout;
}

export function attackData(graphs = 200): AttackData {
  const molecules = makeMolecules('ATTACKED', { graphs, seed: 3 });
  const { graphs: all, layout } = encodeDataset({ ...molecules, hash: '' }, 'labels');
  const held = Math.round(0.3 * graphs);
  return { train: all.slice(held), test: all.slice(0, held), layout };
}

/** A small architecture for them. */
export function smallArchitecture(
  { layout }: AttackData,
  kind: ArchitectureSummary['kind'] = 'gin',
): ArchitectureSummary {
  const size = { layers: 2, hidden: 16, inputs: layout.width, classes: 2 };
  return { kind, ...size, readout: 'sum', batchNorm: true, ...(kind === 'gin' ? { eps: [0, 0] } : {}) };
}

/** Makes an attack on them in a second or less. */
export function smallAttack(
  data: AttackData,
  options: Partial<AttackOptions> & { readonly kind: AttackKind },
  input: Partial<AttackInput> = {},
): Promise<AttackResult> {
  return attack({
    train: data.train,
    layout: data.layout,
    architecture: smallArchitecture(data),
    options: { target: 1, poisoningRate: 0.15, ...options },
    training: { epochs: 16, learningRate: 0.01 },
    seed: 1,
    signal: new AbortController().signal,
    ...input,
  });
}
