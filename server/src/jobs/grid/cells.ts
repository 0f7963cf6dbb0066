import { rateText, type CellId } from '../../report/grid/record';
import type { Grid } from './grid';

/** A word of a filter that names nothing in the grid. */
export class CellFilterError extends Error {
  override readonly name = 'CellFilterError';

  constructor(
    readonly word: string,
    readonly known: readonly string[],
  ) {
    super(`nothing in the grid is called "${word}"; there are ${known.join(', ')}`);
  }
}

/** All cells of a grid: seeds of the attack outermost, so that a run that is cut short has every combination once. */
export function cellsOf(grid: Grid): CellId[] {
  const cells: CellId[] = [];
  for (const attackSeed of grid.attackSeeds)
    for (const { name: data } of grid.data)
      for (const { name: architecture } of grid.architectures)
        for (const { name: attack } of grid.attacks)
          for (const defenseSeed of grid.defenseSeeds)
            for (const holdingRate of grid.holdingRates)
              for (const { name: defense } of grid.defenses)
                cells.push({ data, attack, architecture, defense, holdingRate, attackSeed, defenseSeed });
  return cells;
}

/** The parts of a cell, as a filter's words call them. */
function wordsOf({ data, attack, architecture, defense, holdingRate, attackSeed, defenseSeed }: CellId): string[] {
  return [data, attack, architecture, defense, rateText(holdingRate), `s${attackSeed}`, `d${defenseSeed}`];
}

/**
 * Cells that a filter selects.
 *
 * @param filter words with commas between them: names of data sets, attacks, architectures and defenses, `3%` for a
 *   holding rate, `s0` and `d0` for seeds of the attack and the defense. Words of the same kind are alternatives; of
 *   each kind that is mentioned, a cell must have one
 * @throws CellFilterError for a word that names nothing
 */
export function selectCells(cells: readonly CellId[], filter: string): CellId[] {
  const wanted = new Set(
    filter
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );
  const parts = cells.map(wordsOf);
  const known = [...new Set(parts.flat())];
  for (const word of wanted) if (!known.includes(word)) throw new CellFilterError(word, known);
  const mentioned = (parts.at(0) ?? []).map((_, kind) => parts.some((words) => wanted.has(words[kind])));
  return cells.filter((_, i) => parts[i].every((word, kind) => !mentioned[kind] || wanted.has(word)));
}
