import type { EmbeddingTables } from '../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../unrecognised';
import { found, inFile, type NamedTensors } from './namedTensors';

/** More numbers of a node or an edge are none that models embed one by one. */
const mostTables = 64;

/**
 * Reads a list of tables: `LIST.0.weight`, `LIST.1.weight` and so on, each `[places, width]`.
 *
 * @param list name of the list, without a dot at the end
 * @throws UnrecognisedArchitectureError where one is missing, or is not as wide as the others or as `width`
 */
export function readTables(tensors: NamedTensors, list: string, width?: number): EmbeddingTables {
  const count = [...tensors.keys()].filter((name) => name.startsWith(`${list}.`)).length;
  if (count > mostTables) {
    throw new UnrecognisedArchitectureError(`there are ${count} tables, more than ${mostTables}`, `${list}.0.weight`);
  }
  const first = tensors.get(`${list}.0.weight`);
  const wide = width ?? first?.shape.at(1) ?? 0;
  const tables = Array.from({ length: Math.max(1, count) }, (_, i) => {
    const name = `${list}.${i}.weight`;
    const tensor = tensors.get(name);
    if (tensor?.shape.length !== 2 || tensor.shape[1] !== wide || tensor.shape[0] === 0) {
      const reason = `a table of shape [places, ${wide}] was expected, found ${found(tensor)}`;
      throw new UnrecognisedArchitectureError(reason, inFile(tensors, name));
    }
    return { name: tensor.name, places: tensor.shape[0] };
  });
  return { width: wide, tables };
}

/** Places of each table. */
export function placesOf({ tables }: EmbeddingTables): number[] {
  return tables.map(({ places }) => places);
}
