import type { GraphBatch } from '../../graph/batch';
import type { GraphEdit } from '../../graph/edit';

/**
 * Feature row of a node after an edit.
 *
 * @param node of the batch; undefined for an appended one
 * @param position index of the node in `edit.nodes`, -1 where it is not among them
 * @param degree number of neighbours after the edit
 * @returns `[layout.width]`
 */
export function editedFeatures(
  { layout, features }: GraphBatch,
  edit: GraphEdit,
  node: number | undefined,
  position: number,
  degree: number,
): Float32Array {
  const { kind, width, attributeWidth, labelColumns } = layout;
  if (kind === 'constant') return new Float32Array(width).fill(1);
  if (kind === 'degree') {
    const row = new Float32Array(width);
    row[Math.min(degree, width - 1)] = 1;
    return row;
  }
  const row = node === undefined ? new Float32Array(width) : features.slice(node * width, (node + 1) * width);
  if (position >= 0 && edit.attributes.length > 0) {
    row.set(edit.attributes.subarray(position * attributeWidth, (position + 1) * attributeWidth));
  }
  if (position >= 0 && edit.nodeLabels.length > 0 && labelColumns > 0) {
    row.fill(0, attributeWidth);
    row[attributeWidth + edit.nodeLabels[position]] = 1;
  }
  return row;
}
