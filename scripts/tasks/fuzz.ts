/**
 * `npm run fuzz [-- --target NAME,NAME --seconds N --seed N --jobs N]`: fuzzes the parsers, each for some seconds, and
 * adds to their corpus and record. With `--fast` there are several times as many inputs, mutated from the same corpus,
 * to which nothing is added. `npm run fuzz -- --docs` writes the figures into `docs/security.md`.
 */
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { fuzzTarget } from '../../test/fuzz/engine/fuzzTarget';
import { addToRecord, mostKept, readCorpus, readRecord, writeCorpus, writeFailure } from '../../test/fuzz/engine/store';
import { targets } from '../../test/fuzz/targets';
import { bundleFuzzTarget } from '../lib/fuzzBundle';
import { percent, writeFuzzDocument } from '../lib/fuzzDocument';
import { outFolder } from '../lib/paths';

const failures = path.join(outFolder, 'fuzz', 'failures');

interface FuzzOptions {
  readonly names: readonly string[];
  readonly seconds: number;
  /** Default: how many inputs are on record, so that every run brings others. */
  readonly seed?: number;
  readonly jobs: number;
  readonly fast: boolean;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      fast: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
    },
  });
  if (values.docs) {
    writeFuzzDocument();
    return;
  }
  const options: FuzzOptions = {
    names: namesOf(values.target),
    seconds: numberOf('seconds', values.seconds, 1),
    seed: values.seed === undefined ? undefined : numberOf('seed', values.seed, 0),
    jobs: numberOf('jobs', values.jobs, 1),
    fast: values.fast,
  };
  // Optimised code does not count what it reaches, so that there would be nothing to go by where code is hot.
  if (!options.fast) setFlagsFromString('--no-opt');
  const waiting = [...options.names];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await fuzzOne(name, options);
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
}

async function fuzzOne(name: string, options: FuzzOptions): Promise<void> {
  const seed = options.seed ?? readRecord()[name]?.inputs ?? 0;
  const { inputs, seconds, corpus, coverage, defects } = await fuzzTarget({
    bundle: await bundleFuzzTarget(name),
    seeds: targets[name].seeds(),
    corpus: readCorpus(name),
    seed,
    seconds: options.seconds,
    mostKept,
    onDefect(defect, input) {
      const file = path.relative(process.cwd(), writeFailure(failures, name, defect, input));
      console.log(`${name}: ${defect.kind} (seed ${seed}), ${input.length} bytes in ${file}\n${defect.text}\n`);
    },
  });
  const rate = Math.round(inputs / seconds).toLocaleString('en-US');
  console.log(
    `${name}: ${inputs.toLocaleString('en-US')} inputs in ${seconds.toFixed(0)} s (${rate} a second), ` +
      `${corpus.length} kept, ${percent(coverage)} of the code reached, ${defects} defects`,
  );
  if (defects > 0) process.exitCode = 1;
  addToRecord(name, { inputs, seconds, coverage: options.fast ? undefined : coverage });
  // A run that an input ended has not said what to keep.
  if (corpus.length > 0 && !options.fast) writeCorpus(name, corpus);
}

function namesOf(chosen: string | undefined): string[] {
  const names = chosen?.split(',') ?? Object.keys(targets);
  const unknown = names.find((name) => !Object.hasOwn(targets, name));
  if (unknown !== undefined)
    throw new Error(`there is no target ${unknown}; there are ${Object.keys(targets).join(', ')}`);
  return names;
}

function numberOf(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${option} takes a whole number from ${least}`);
  return value;
}
