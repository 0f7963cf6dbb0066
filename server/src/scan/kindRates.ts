import type { ModelKind } from '../../../protocol/model';
import type { MeasuredRates } from '../../../protocol/reports';

/** How scans of a kind of model that no threshold was set on turned out (docs/detection.md). */
export interface KindRates {
  readonly rates: MeasuredRates;
  readonly auroc: number;
  /** 95% interval. */
  readonly interval: readonly [low: number, high: number];
  /** Whether backdoored models of the kind could not be told from clean ones: no verdict rests on such a scan then. */
  readonly isWorthless: boolean;
}

/** By kind and by the number of clean graphs; written by `bench/scanHoldout.ts`, as all of this file. */
export const kindRates: Readonly<Partial<Record<ModelKind, Partial<Record<'few' | 'many', KindRates>>>>> = {
  gcn: {
    few: {
      rates: {
        scans: 'GCN with 19 to 99 clean graphs',
        backdoored: { models: 33, errors: 14, findings: 20 },
        clean: { models: 33, errors: 1, findings: 3 },
      },
      auroc: 0.7787,
      interval: [0.6483, 0.8806],
      isWorthless: false,
    },
    many: {
      rates: {
        scans: 'GCN with 128 clean graphs',
        backdoored: { models: 33, errors: 19, findings: 23 },
        clean: { models: 33, errors: 6, findings: 7 },
        warningsOnly: true,
      },
      auroc: 0.8062,
      interval: [0.6997, 0.9027],
      isWorthless: false,
    },
  },
  gat: {
    few: {
      rates: {
        scans: 'GAT with 19 to 99 clean graphs',
        backdoored: { models: 22, errors: 13, findings: 15 },
        clean: { models: 29, errors: 2, findings: 6 },
      },
      auroc: 0.8088,
      interval: [0.6693, 0.9248],
      isWorthless: false,
    },
    many: {
      rates: {
        scans: 'GAT with 128 clean graphs',
        backdoored: { models: 22, errors: 16, findings: 18 },
        clean: { models: 29, errors: 4, findings: 10 },
        warningsOnly: true,
      },
      auroc: 0.8417,
      interval: [0.7085, 0.9467],
      isWorthless: false,
    },
  },
  sage: {
    few: {
      rates: {
        scans: 'GraphSAGE with 19 to 99 clean graphs',
        backdoored: { models: 17, errors: 5, findings: 8 },
        clean: { models: 27, errors: 0, findings: 1 },
      },
      auroc: 0.878,
      interval: [0.7625, 0.963],
      isWorthless: false,
    },
    many: {
      rates: {
        scans: 'GraphSAGE with 128 clean graphs',
        backdoored: { models: 17, errors: 12, findings: 12 },
        clean: { models: 27, errors: 2, findings: 4 },
      },
      auroc: 0.854,
      interval: [0.7277, 0.9586],
      isWorthless: false,
    },
  },
};
