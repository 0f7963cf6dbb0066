import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../../graph/batch';
import type { Folding } from '../../graph/fold';
import { WeakMemo } from '../../graph/weakMemo';
import { SparseRows } from '../../tensor/sparseRows';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { sparseProduct } from '../../tensor/sparseProduct';
import { distinctFeatures } from '../messagePassing';
import { read, tensor, variable, type ParameterSpec } from '../parameters';
import type { EmbeddingTables } from './modelPlan';

/** The rows of some tables one below the other, `[places of all, width]`. */
export type TableRows = tf.Variable<tf.Rank.R2>;

/** Tables as one matrix; each keeps its tensor. */
export function tablesOf({ tables, width }: EmbeddingTables): ParameterSpec<TableRows> {
  return {
    // Glorot & Bengio (2010), as OGB draws them.
    tensors: tables.map(({ name, places }) => {
      const limit = Math.sqrt(6 / (places + width));
      return tensor(name, [places, width], (rng) =>
        Float32Array.from({ length: places * width }, () => rng.between(-limit, limit)),
      );
    }),
    make: (tensors) => {
      const values = new Float32Array(tensors.reduce((length, table) => length + table.values.length, 0));
      let written = 0;
      for (const table of tensors) {
        values.set(table.values, written);
        written += table.values.length;
      }
      return variable({ shape: [values.length / width, width], values });
    },
    read: (rows) => {
      const { values } = read(rows);
      let taken = 0;
      return tables.map(({ places }) => ({
        shape: [places, width],
        values: values.slice(taken, (taken += places * width)),
      }));
    },
    variables: (rows) => [rows],
  };
}

/** One row that is kept as a table of one place, `[1, width]`; at first zero. */
export function rowOf(name: string, width: number): ParameterSpec<tf.Variable<tf.Rank.R2>> {
  return {
    tensors: [tensor(name, [1, width], () => new Float32Array(width))],
    make: ([values]) => variable(values),
    read: (row) => [read(row)],
    variables: (row) => [row],
  };
}

/**
 * Which rows of tables stand for which numbers: times `TableRows` it gives the sum of one row of each table.
 *
 * @param numbers row-major `[rows, tables]`
 * @param wanted rows of `numbers`, one for each row of the result. Default: all
 * @returns `[wanted, places of all]`
 * @throws RangeError for a number that has no place
 */
export function placesIn(
  { tables }: EmbeddingTables,
  numbers: Float32Array,
  wanted: ArrayLike<number> = Array.from({ length: numbers.length / tables.length }, (_, i) => i),
): SparseMatrix {
  const all = tables.reduce((sum, { places }) => sum + places, 0);
  const rows = new SparseRows([wanted.length, all], wanted.length * tables.length);
  for (let i = 0; i < wanted.length; i++) {
    let first = 0;
    tables.forEach(({ places }, t) => {
      const place = numbers[wanted[i] * tables.length + t];
      if (!(place >= 0 && place < places)) throw new RangeError(`${place} has no place in a table of ${places}`);
      rows.add(first + place, 1);
      first += places;
    });
    rows.endRow();
  }
  return rows.build();
}

/** Tables for the numbers of nodes, and their rows. */
export interface NodeEmbedding {
  readonly tables: EmbeddingTables;
  readonly rows: TableRows;
}

const placesOfNodes = new WeakMemo<Folding, SparseMatrix>();

/** What stands for the numbers of nodes, `[classes at level 0, width]`. @throws RangeError as {@link placesIn} */
export function embeddedNodes({ tables, rows }: NodeEmbedding, batch: GraphBatch, folding: Folding): tf.Tensor2D {
  const sizes = tables.tables.map(({ places }) => places).join();
  const places = placesOfNodes.get(folding, sizes, () => placesIn(tables, distinctFeatures(batch, folding)));
  return sparseProduct(places, rows);
}
