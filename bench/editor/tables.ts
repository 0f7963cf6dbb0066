import { spread } from '../engine/samples';
import { table } from '../engine/tables';
import type { Activation } from './activation';
import type { Latencies } from './latency';
import type { Opening } from './opening';
import type { Size } from './sizes';

export interface EditorMeasurement {
  /** Models in the folder that was opened. */
  readonly models: number;
  readonly openings: readonly Opening[];
  readonly latencies: Latencies;
  readonly activations: readonly Activation[];
  readonly sizes: { readonly package: number; readonly bundles: readonly Size[] };
}

/** Markdown of what was measured, each figure beside its goal. */
export function editorTables({ models, openings, latencies, activations, sizes }: EditorMeasurement): string {
  const busy = (part: keyof Activation): string => {
    const [processor, clock] = (['processor', 'clock'] as const).map((by) =>
      turns(activations.map((one) => one[part][by])),
    );
    return `${processor}; by the clock ${clock}`;
  };
  const opening = (name: keyof Opening): string => turns(openings.map((times) => times[name]));
  const latency = (share: number): string => {
    const [server, echo] = [latencies.server, latencies.echo].map((values) => quantile(values, share).toFixed(1));
    return `${server} ms (echo ${echo} ms)`;
  };
  const waiting = table([
    ['what', 'measured', 'goal'],
    ['activation, processor time', busy('activation'), 'under 50 ms'],
    ['after it, loading the language client', busy('loading'), 'under 50 ms'],
    ['after that, starting the server', busy('starting'), 'under 50 ms'],
    ['a Node.js process that does nothing, from start to end', opening('bare'), ''],
    [`folder of ${models} models: until the server can be asked`, opening('initialized'), ''],
    ['until the first diagnostics of code safety', opening('first'), 'under 1,000 ms'],
    [`until those of all ${models}`, opening('all'), ''],
    [`answers during a purification (${latencies.server.length} requests), median`, latency(0.5), ''],
    ['99th percentile', latency(0.99), 'under 50 ms'],
    ['slowest', latency(1), ''],
    ['the package (.vsix)', `${(sizes.package / 1e6).toFixed(2)} MB`, 'under 3 MB'],
  ]);
  const bundles = table([
    ['bundle', 'size', 'compressed'],
    ...sizes.bundles.map(({ name, bytes, compressed }) => [name, kilobytes(bytes), kilobytes(compressed)]),
  ]);
  return `${waiting}\n${bundles}`;
}

/** Median, smallest and largest of some turns. */
function turns(samples: readonly number[]): string {
  const { median, low, high } = spread(samples);
  return `${median.toFixed(0)} ms (${low.toFixed(0)}-${high.toFixed(0)})`;
}

/** The smallest value that at least a share of the values do not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en-US')} kB`;
