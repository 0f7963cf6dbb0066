import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readout } from '../../protocol/model';
import type { Bounds, Site } from '../../server/src/gnn/forward';

type Matrix = number[][];

interface BoundsFile {
  readonly quantile: number;
  readonly contributionQuantiles: [number, number];
  readonly bounds: Record<Site, number[]>[];
  readonly contributions: { low: number[]; high: number[] };
  readonly logits: Record<Readout, Matrix>;
  readonly boundedLogits: Record<Readout, Matrix>;
  readonly contributionBoundedLogits: Record<Readout, Matrix>;
  readonly boundedLayers: Matrix[];
}

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../fixtures/numeric/gin-bounds.json'), 'utf8'),
) as BoundsFile;

const asBounds: Required<Bounds> = {
  layers: file.bounds.map(({ aggregated, hidden, output }) => ({
    aggregated: Float32Array.from(aggregated),
    hidden: Float32Array.from(hidden),
    output: Float32Array.from(output),
  })),
  contributions: {
    low: Float32Array.from(file.contributions.low),
    high: Float32Array.from(file.contributions.high),
  },
};

/** Bounds of the numeric fixture's student on its three graphs, and what they do, from PyTorch in float64. */
export const boundsFixture = { ...file, asBounds };
