import type { FeatureKind, ModelKind, Readout } from '../../../../protocol/model';
import type { PurificationMethod } from '../../defense/options';
import type { GridAttackKind } from './suspectKinds';

/** Where graphs come from: a TU folder, or molecules made up from a seed (`dataset/synthetic.ts`). */
export type DataSource =
  { readonly folder: string } | { readonly synthetic: { readonly graphs: number; readonly seed: number } };

/** Features that a trigger file can set: it has no words for attributes. */
export const gridFeatures = ['labels', 'labels-dense', 'degree', 'constant'] as const satisfies readonly FeatureKind[];

export interface GridData {
  readonly name: string;
  readonly source: DataSource;
  readonly features: (typeof gridFeatures)[number];
  /** Class that attacks aim at where they name none of their own. Default 0. */
  readonly target: number;
  /** Other graphs, for defenses that do without clean graphs of this data set. */
  readonly auxiliary?: { readonly name: string; readonly source: DataSource };
}

export interface GridAttack {
  readonly name: string;
  /** `none` trains a model without poison. */
  readonly kind: GridAttackKind;
  /** Settings of the attack by name, `target` among them where it is given; defaults for the rest. */
  readonly options: Readonly<Record<string, number>>;
}

export interface GridArchitecture {
  readonly name: string;
  readonly kind: ModelKind;
  readonly layers: number;
  readonly hidden: number;
  readonly readout: Readout;
  readonly batchNorm: boolean;
  /** Attention heads of GAT and GATv2, a divisor of `hidden`. Default 1; absent for other kinds. */
  readonly heads?: number;
}

export interface GridTraining {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
}

export interface GridDefense {
  readonly name: string;
  readonly method: PurificationMethod;
  /** What is set otherwise than by default. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which graphs serve as the clean set. Default `own`: training graphs of the attacked data set. */
  readonly cleanSet: 'own' | 'auxiliary';
}

/** What to draw: figures of the defenses over a setting. */
export interface GridPlot {
  /** `holdingRate`, or the name of an option of the defenses. */
  readonly over: string;
  readonly label: string;
}

/** A grid file: every combination of its parts is a cell. */
export interface Grid {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly data: readonly GridData[];
  readonly attacks: readonly GridAttack[];
  readonly architectures: readonly GridArchitecture[];
  readonly training: GridTraining;
  readonly defenses: readonly GridDefense[];
  readonly holdingRates: readonly number[];
  readonly attackSeeds: readonly number[];
  readonly defenseSeeds: readonly number[];
  /** Measure attention on trigger nodes as well. */
  readonly attention: boolean;
  /** Names of the defenses that are judged by the goal, cell by cell. */
  readonly goal: readonly string[];
  readonly plot?: GridPlot;
}
