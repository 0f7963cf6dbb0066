import * as tf from '@tensorflow/tfjs-core';
import { engineInUse } from './engine/graphnadBackend';
import { withGradient } from './withGradient';

/**
 * Squared sliced Wasserstein-2 distance (Bonneel et al. 2015) between the rows of matrices, times the number of rows,
 * mean over the matrices: rows are points, which are projected onto directions and paired in order of their projections;
 * the squared differences are averaged. Equal projections are paired in the order of their rows.
 *
 * @param matrices `[count, rows, columns]`, at least one; the gradient flows to these alone
 * @param others `[count, rows, columns]`, constant
 * @param directions unit columns, `[columns, directions]`, constant
 */
export function slicedWasserstein(matrices: tf.Tensor3D, others: tf.Tensor3D, directions: tf.Tensor2D): tf.Scalar {
  const engine = engineInUse();
  if (engine === undefined) return slicedWassersteinComposed(matrices, others, directions);
  const [count, rows, columns] = matrices.shape;
  const depth = directions.shape[1];
  return withGradient([matrices], () => {
    const differences = engine.output([count, rows, depth]);
    const total = engine.withWorkspace((workspace) => {
      const along = engine.address(directions);
      const projections = [matrices, others].map((stack) => {
        const address = workspace.room(count * rows * depth);
        engine.launch('gemm', count * rows, engine.address(stack), along, address, depth, columns, 0, 0, 0);
        return address;
      });
      const totals = workspace.doubles(count);
      const scratch = workspace.room(count * Math.ceil(rows / 8) * 8 * 16);
      engine.launch('sortedDifferences', count, ...projections, differences.address, totals, scratch, rows, depth);
      return engine.memoryPool.doubles(totals, count).reduce((sum, squares) => sum + squares, 0);
    });
    return {
      value: tf.scalar(total / (count * depth)),
      saved: [differences.tensor, directions],
      gradient: (dy, [difference, projected]) => {
        const { tensor, address } = engine.output(matrices.shape);
        engine.withWorkspace((workspace) => {
          const turned = workspace.room(depth * columns);
          engine.launch('transpose', columns, engine.address(projected), turned, columns, depth);
          const scale = (2 * engine.values(dy)[0]) / (count * depth);
          const values = engine.memoryPool.floats(turned, depth * columns);
          for (let i = 0; i < values.length; i++) values[i] *= scale;
          engine.launch('gemm', count * rows, engine.address(difference), turned, address, columns, depth, 0, 0, 0);
        });
        return [tensor];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function slicedWassersteinComposed(
  matrices: tf.Tensor3D,
  others: tf.Tensor3D,
  directions: tf.Tensor2D,
): tf.Scalar {
  return tf.tidy(() => {
    const rows = matrices.shape[1];
    const points = projectedColumns(matrices, directions);
    // How values pair up is constant almost everywhere, and `topk` has no gradient.
    const counterparts = withGradient([], () => ({
      value: ofSameRank(points, projectedColumns(others, directions)),
      saved: [],
      gradient: () => [],
    }));
    return tf.mul(tf.mean(tf.squaredDifference(points, counterparts)), rows);
  });
}

/** `[count * directions, rows]` */
function projectedColumns(matrices: tf.Tensor3D, directions: tf.Tensor2D): tf.Tensor2D {
  const [count, rows, columns] = matrices.shape;
  const depth = directions.shape[1];
  const projections = tf.matMul(tf.reshape(matrices, [count * rows, columns]), directions);
  return tf.reshape(tf.transpose(tf.reshape(projections, [count, rows, depth]), [0, 2, 1]), [count * depth, rows]);
}

/** For each value of `x` the one of `y` that has the same rank in its row. */
function ofSameRank(x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const length = x.shape[1];
  const order = tf.topk(tf.neg(x), length).indices;
  const ranks = tf.topk(tf.neg(order), length).indices;
  return tf.gather(tf.neg(tf.topk(tf.neg(y), length).values), ranks, 1, 1);
}
