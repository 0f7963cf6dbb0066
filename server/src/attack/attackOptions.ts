/** The attacks that can be made; `docs/user-guide.md` says what each does and where it is from. */
export const attackKinds = [
  'subgraph',
  'gta',
  'motif',
  'feature',
  'topology',
  'new-nodes',
  'clean-label',
  'adaptive',
] as const;
export type AttackKind = (typeof attackKinds)[number];

export interface AttackOptions {
  readonly kind: AttackKind;
  /** Class that triggered graphs are to be predicted as. */
  readonly target: number;
  /** Poisoning rate: share of the training graphs that carry the trigger, in (0, 1]. Default 0.1. */
  readonly poisoningRate?: number;
  /**
   * Trigger size in nodes, at least 2. Default: 5; 4 for `new-nodes`; for `subgraph` (4 to 8) and `clean-label` (6 to 8)
   * a fifth of the mean graph size.
   */
  readonly triggerNodes?: number;
  /** Share of the possible edges that the trigger has, in (0, 1]. Default 0.8 (Zhang et al. 2021). */
  readonly density?: number;
  /** How often the trigger's generator and the model take turns. Default 4. */
  readonly rounds?: number;
  /** Passes of the generator over the poisoned graphs each round. Default 15. */
  readonly generatorEpochs?: number;
  /** Weight of the loss that keeps attention maps and activations where clean graphs have them. Default 1. */
  readonly flatness?: number;
}

/** Defaults of the settings that do not depend on the data. */
const defaults = { poisoningRate: 0.1, density: 0.8, rounds: 4, generatorEpochs: 15, flatness: 1 };

/** Options with their defaults filled in, but for the trigger size. */
export type ResolvedAttackOptions = AttackOptions & Required<Pick<AttackOptions, keyof typeof defaults>>;

/** The attacks that make something of a setting which not all have. */
const ofSomeAttacks: Readonly<Partial<Record<keyof AttackOptions, readonly AttackKind[]>>> = {
  density: ['subgraph', 'clean-label'],
  rounds: ['gta', 'adaptive'],
  generatorEpochs: ['gta', 'adaptive'],
  flatness: ['adaptive'],
};

/** The attacks that have a setting; the others make nothing of it. */
export function attacksWith(setting: keyof AttackOptions): readonly AttackKind[] {
  return ofSomeAttacks[setting] ?? attackKinds;
}

/** Fills in defaults. */
export function resolveAttackOptions(options: AttackOptions): ResolvedAttackOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as unknown as AttackOptions) };
}

/** What an attack goes by: its settings with their defaults, and none that only others have. */
export function optionsInForce(options: AttackOptions): AttackOptions {
  const own = Object.entries(resolveAttackOptions(options)).filter(([name]) =>
    attacksWith(name as keyof AttackOptions).includes(options.kind),
  );
  return Object.fromEntries(own) as unknown as AttackOptions;
}

/** An attack that cannot be made on these data with these options, and why. */
export class AttackError extends Error {
  override readonly name = 'AttackError';

  constructor(
    readonly kind: AttackKind,
    readonly reason: string,
  ) {
    super(`the attack "${kind}" cannot be made: ${reason}`);
  }
}

/**
 * Makes sure that options are in their ranges.
 *
 * @param classes number of classes of the model
 * @throws AttackError
 */
export function requireAttackOptions(options: ResolvedAttackOptions, classes: number): void {
  const { kind, target, poisoningRate, triggerNodes, density, flatness, rounds, generatorEpochs } = options;
  const fail = (reason: string): AttackError => new AttackError(kind, reason);
  if (!Number.isInteger(target) || target < 0 || target >= classes) {
    throw fail(`there is no class ${target}: the model has ${classes} (counted from 0)`);
  }
  for (const [name, value] of Object.entries({ 'poisoning rate': poisoningRate, density })) {
    if (!(value > 0 && value <= 1)) throw fail(`the ${name} must lie above 0 and at most at 1, got ${value}`);
  }
  if (triggerNodes !== undefined && !(Number.isInteger(triggerNodes) && triggerNodes >= 2)) {
    throw fail(`a trigger has at least 2 nodes, got ${triggerNodes}`);
  }
  for (const [name, value] of Object.entries({ rounds, generatorEpochs })) {
    if (!Number.isInteger(value) || value < 1) throw fail(`${name} must be a whole number from 1, got ${value}`);
  }
  if (!(flatness >= 0 && Number.isFinite(flatness))) throw fail(`flatness must be a number from 0 on, got ${flatness}`);
}
