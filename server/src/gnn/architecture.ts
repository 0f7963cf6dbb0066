import type { ArchitectureSummary } from '../../../protocol/model';

/**
 * A GIN graph classifier (Xu et al. 2019, "How powerful are graph neural networks?"):
 * h_l = ReLU(BN(W2 ReLU(BN(W1 ((1 + eps_l) h + sum of neighbours' h))))), logits = W (readout of h_L) + b.
 */
export type GinArchitecture = ArchitectureSummary;
