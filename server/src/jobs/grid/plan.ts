import path from 'node:path';
import { resolveOptions, type PurifyOptions, type ResolvedOptions } from '../../defense/options';
import type { CellId } from '../../report/grid/record';
import type { Grid } from './grid';
import type { GridTask } from './gridTask';
import { keyOf } from './keyOf';
import { isAttacked, targetOf, type SuspectSpec } from './suspect';

/**
 * Version of how cells are computed, apart from their settings: to be raised when a change of the code changes results.
 * What was computed before is then computed again.
 */
const recipeVersion = 1;

/** Something that is done once, for every cell that needs it. */
export interface Step {
  readonly key: string;
  readonly task: GridTask;
  /** Steps that come first. */
  readonly needs: readonly Step[];
}

export interface PlannedCell {
  readonly cell: CellId;
  /** Ends with the defense; its key is the cell's. */
  readonly defend: Step;
  readonly measure: Step;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * The steps of every cell. Those that two cells have in common are the same object.
 *
 * @param hashes SHA-256 of each data set and auxiliary data set, by name
 * @param modelsFolder where trained models are kept, each in a folder named by its key
 */
export function planCells(
  grid: Grid,
  cells: readonly CellId[],
  hashes: ReadonlyMap<string, string>,
  modelsFolder: string,
): PlannedCell[] {
  const steps = new Map<string, Step>();
  const once = (settings: object, make: (key: string) => Omit<Step, 'key'>): Step => {
    const key = keyOf({ recipeVersion, ...settings });
    const step = steps.get(key) ?? { key, ...make(key) };
    steps.set(key, step);
    return step;
  };
  const folderOf = (key: string): string => path.join(modelsFolder, key);

  const train = (spec: SuspectSpec): Step =>
    once({ step: 'train', ...settingsOf(spec, hashes) }, (key) => ({
      task: { kind: 'grid', step: 'train', spec, folder: folderOf(key) },
      needs: [],
    }));

  const measure = (spec: SuspectSpec): Step => {
    const suspect = train(spec);
    const benignSpec: SuspectSpec = { ...spec, attack: { name: 'none', kind: 'none', options: {} } };
    const benign = isAttacked(spec) ? train(benignSpec) : undefined;
    const { attention } = grid;
    return once({ step: 'measure', suspect: suspect.key, benign: benign?.key, attention }, () => ({
      task: {
        ...{ kind: 'grid', step: 'measure', spec, attention, folder: folderOf(suspect.key) },
        ...(benign ? { benign: { spec: benignSpec, folder: folderOf(benign.key) } } : {}),
      },
      needs: benign ? [suspect, benign] : [suspect],
    }));
  };

  return cells.map((cell) => {
    const spec = specOf(grid, cell);
    const defense = named(grid.defenses, cell.defense);
    const { holdingRate, defenseSeed: seed } = cell;
    const measured = measure(spec);
    const [suspect] = measured.needs;
    const auxiliary = defense.cleanSet === 'auxiliary' ? hashes.get(spec.data.auxiliary?.name ?? '') : undefined;
    const { attention } = grid;
    const given: PurifyOptions = { ...defense.options, method: defense.method };
    const settings = { suspect: suspect.key, auxiliary, holdingRate, seed, attention, options: inForce(given) };
    const defend = once({ step: 'defend', ...settings }, () => ({
      task: { ...{ kind: 'grid', step: 'defend', spec, defense, holdingRate, seed, attention, folder: folderOf(suspect.key) } },
      needs: [measured, suspect],
    })); // prettier-ignore
    return { cell, defend, measure: measured, options: defense.options };
  });
}

/** The settings that are in force for small clean sets and for others, so that a changed default changes the key. */
function inForce(given: PurifyOptions): readonly ResolvedOptions[] {
  return [resolveOptions(given, 1), resolveOptions(given, 1_000_000)];
}

/** What a trained model follows from: names do not matter, nor where the data lie. */
function settingsOf(spec: SuspectSpec, hashes: ReadonlyMap<string, string>): object {
  const { data, attack, architecture, training, seed } = spec;
  const { kind, layers, hidden, readout, batchNorm, heads } = architecture;
  return {
    data: hashes.get(data.name),
    features: data.features,
    attack: isAttacked(spec) ? { kind: attack.kind, ...attack.options, target: targetOf(spec) } : null,
    architecture: { kind, layers, hidden, readout, batchNorm, heads },
    training,
    seed,
  };
}

function specOf(grid: Grid, cell: CellId): SuspectSpec {
  return {
    data: named(grid.data, cell.data),
    attack: named(grid.attacks, cell.attack),
    architecture: named(grid.architectures, cell.architecture),
    training: grid.training,
    seed: cell.attackSeed,
  };
}

function named<T extends { readonly name: string }>(items: readonly T[], name: string): T {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new RangeError(`the grid names no "${name}"`);
  return found;
}
