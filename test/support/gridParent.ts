/** Computes a grid in this process, step after step, until it is killed. Arguments: name of the grid, folder of results. */
import { cellsOf } from '../../server/src/jobs/grid/cells';
import { runGridTask } from '../../server/src/jobs/grid/gridTask';
import { runGrid } from '../../server/src/jobs/grid/runGrid';
import { readGrid } from './grids';

const [name, out] = process.argv.slice(2);
const grid = readGrid(name);
void runGrid({
  ...{ grid, cells: cellsOf(grid), out, size: 1, signal: new AbortController().signal },
  run: (task, signal) => runGridTask(task, { signal, progress: () => undefined }),
});
