import type { ArchitectureSummary, ModelKind } from '../../../protocol/model';

/** What can be chosen of a new model; the rest follows from the data. */
export type ArchitectureChoice = Partial<
  Pick<ArchitectureSummary, 'kind' | 'layers' | 'hidden' | 'readout' | 'batchNorm' | 'heads'>
>;

/** A choice that no model can be made by: which part of it, and why. */
export class ArchitectureChoiceError extends Error {
  override readonly name = 'ArchitectureChoiceError';

  constructor(
    readonly part: keyof ArchitectureChoice,
    readonly reason: string,
  ) {
    super(`no model can be made with these ${part}: ${reason}`);
  }
}

/** Whether layers of a kind have attention heads. */
export function hasHeads(kind: ModelKind): boolean {
  return kind === 'gat' || kind === 'gatv2';
}

/**
 * The architecture of a new model: GIN, 3 layers of 64, sum readout, BatchNorm, with GAT 4 heads, unless something else
 * is chosen; eps of GIN is 0.
 *
 * @param data number of features a node, and of classes
 * @throws ArchitectureChoiceError for heads that the kind does not have, or that do not divide the channels
 */
export function newArchitecture(
  { kind = 'gin', layers = 3, hidden = 64, readout = 'sum', batchNorm = true, heads }: ArchitectureChoice,
  data: Pick<ArchitectureSummary, 'inputs' | 'classes'>,
): ArchitectureSummary {
  if (!hasHeads(kind) && heads !== undefined) {
    throw new ArchitectureChoiceError('heads', `only gat and gatv2 have attention heads, ${kind} has none`);
  }
  const { inputs, classes } = data;
  const shared = { kind, layers, hidden, inputs, classes, readout, batchNorm };
  if (kind === 'gin') return { ...shared, eps: new Array<number>(layers).fill(0) };
  if (!hasHeads(kind)) return shared;
  const wanted = heads ?? 4;
  if (hidden % wanted !== 0) {
    throw new ArchitectureChoiceError('heads', `${wanted} of them do not divide ${hidden} hidden channels`);
  }
  return { ...shared, heads: wanted };
}
