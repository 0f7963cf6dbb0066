import path from 'node:path';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { ArchitectureSummary } from '../../../protocol/model';
import { CheckpointError } from '../checkpoint/checkpoint';
import { marksDataset } from '../dataset/loadDataset';
import { UnrecognisedArchitectureError } from '../gnn/recognise';
import { walk } from './findModels';
import { fitOf, readShape, type DataShape } from './fitData';
import { loadModel } from './loadModel';

/** The data sets inside some folders. Each is read once, however many models it is compared with. */
export class FoundData {
  private readonly shapes = new Map<string, Promise<DataShape>>();

  /** @param folders absolute paths of folders that hold a data set */
  private constructor(readonly folders: readonly string[]) {}

  /** Searches folders; their data sets are read when the first model is compared with them. */
  static async inside(folders: readonly string[]): Promise<FoundData> {
    const found = new Set<string>();
    for (const folder of folders) {
      for await (const file of walk(folder)) if (marksDataset(file)) found.add(path.dirname(file));
    }
    return new FoundData([...found]);
  }

  /**
   * Those with features as wide as a model's first layer and as many classes: the nearest in the folder tree first, then
   * by name.
   *
   * @returns none where the model itself cannot be read or recognised
   */
  async fitting(model: string, override?: ArchitectureOverride): Promise<string[]> {
    if (this.folders.length === 0) return [];
    const architecture = await architectureOf(model, override);
    if (architecture === undefined) return [];
    const fitting: string[] = [];
    for (const folder of this.folders) {
      if (fitOf(await this.shape(folder), architecture).fitting.length > 0) fitting.push(folder);
    }
    return fitting.sort((a, b) => distance(model, a) - distance(model, b) || (a < b ? -1 : 1));
  }

  private shape(folder: string): Promise<DataShape> {
    const shape = this.shapes.get(folder) ?? readShape(folder);
    this.shapes.set(folder, shape);
    return shape;
  }
}

async function architectureOf(
  model: string,
  override?: ArchitectureOverride,
): Promise<ArchitectureSummary | undefined> {
  try {
    return (await loadModel(model, override)).recognition.architecture;
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof UnrecognisedArchitectureError) return undefined;
    throw error;
  }
}

/** Steps between two places in the folder tree. */
function distance(a: string, b: string): number {
  return path.relative(path.dirname(a), b).split(path.sep).length;
}
