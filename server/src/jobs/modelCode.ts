import { wholeOf, type ByteSource } from '../checkpoint/byteSource';
import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { filesBeside } from '../checkpoint/formats';
import { inspectCode, inspectCodeByRanges, type CodeInspection } from '../checkpoint/inspectCode';
import { openRead, type ModelFile } from './loadModel';

/** What loading a model would import and call, in all of its files. */
export function inspectModelCode(file: ModelFile): CodeInspection {
  return inspectCodeOf(file.bytes, file.path, openRead(file));
}

/**
 * The same of files that are in memory or read by ranges. A file that belongs to the model and cannot be opened is an
 * anomaly, and the others are looked at all the same.
 */
export function inspectCodeOf(source: ByteSource, file: string, openBeside: OpenBeside): CodeInspection {
  const own = inspectOne(source, file);
  const names = filesBeside(source, file);
  if (names.length === 0) return own;
  const parts = names.map((name) => labelled(name, inspectBeside(name, openBeside)));
  return {
    globals: [own, ...parts].flatMap(({ globals }) => globals),
    anomalies: [own, ...parts].flatMap(({ anomalies }) => anomalies),
    mentions: [own, ...parts].flatMap(({ mentions }) => mentions),
    // The file that names the others is of a known format; numbers alone, as these may be, are of none.
    inspected: true,
  };
}

function inspectOne(source: ByteSource, file: string): CodeInspection {
  return source instanceof Uint8Array ? inspectCode(source, file) : inspectCodeByRanges(source, file);
}

function inspectBeside(name: string, openBeside: OpenBeside): CodeInspection {
  try {
    const source = openBeside(name);
    return inspectOne(source.length <= wholeSize ? wholeOf(source) : source, name);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    const reason = `it was not looked into: ${error.reason}`;
    return { globals: [], anomalies: [{ reason, isUnread: true }], mentions: [], inspected: false };
  }
}

/** A file up to this size is read whole. */
const wholeSize = 1 << 26;

/** Names the file in each place of what was found in it. */
function labelled(name: string, { globals, anomalies, mentions, inspected }: CodeInspection): CodeInspection {
  const within = <T extends { readonly entry?: string }>(found: T): T => ({
    ...found,
    entry: found.entry === undefined || found.entry === '' ? name : `${name} > ${found.entry}`,
  });
  return { globals: globals.map(within), anomalies: anomalies.map(within), mentions: mentions.map(within), inspected };
}
