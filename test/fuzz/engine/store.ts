/** What fuzzing leaves behind: kept inputs, failures, and a record of all runs. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Defect } from './guard';
import { inputName } from './guard';

const root = path.resolve(__dirname, '..');

/** Bytes of kept inputs of one target. */
export const mostKept = 16_000;

/** Inputs that earlier runs kept: a line each, in base64, which no virus scanner takes for what it encodes. */
export function readCorpus(target: string): Uint8Array[] {
  const file = corpusFile(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'latin1').split('\n').filter(Boolean).map(decoded);
}

export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(path.dirname(corpusFile(target)), { recursive: true });
  writeFileSync(corpusFile(target), inputs.map((input) => `${encoded(input)}\n`).join(''));
}

export interface Regression {
  /** Says what was wrong. */
  readonly name: string;
  readonly input: Uint8Array;
}

/** Inputs that showed a defect once, a file each. */
export function readRegressions(target: string): Regression[] {
  const folder = path.join(root, 'regressions', target);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).sort();
  return files.map((file) => ({
    name: path.parse(file).name,
    input: decoded(readFileSync(path.join(folder, file), 'latin1').trim()),
  }));
}

/** Writes an input that shows a defect where git does not look, in the form of a regression, and what it showed. */
export function writeFailure(folder: string, target: string, defect: Defect, input: Uint8Array): string {
  const file = path.join(folder, target, `${defect.kind}-${inputName(input)}.txt`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${encoded(input)}\n`);
  writeFileSync(file.replace(/txt$/, 'log'), `${defect.text}\n`);
  return file;
}

export interface TargetRecord {
  readonly inputs: number;
  readonly seconds: number;
  /** The part of the parser's code that the last run reached which counted it, from 0 to 1. */
  readonly coverage?: number;
}

export type FuzzRecord = Readonly<Record<string, TargetRecord>>;

const recordFile = path.join(root, 'record.json');

export function readRecord(): FuzzRecord {
  return existsSync(recordFile) ? (JSON.parse(readFileSync(recordFile, 'utf8')) as FuzzRecord) : {};
}

/** Adds a run to what is on record. */
export function addToRecord(target: string, run: TargetRecord): void {
  const record = readRecord();
  const { inputs, seconds, coverage: earlier } = record[target] ?? { inputs: 0, seconds: 0 };
  const coverage = run.coverage === undefined ? earlier : Number(run.coverage.toFixed(3));
  const updated = { inputs: inputs + run.inputs, seconds: Math.round(seconds + run.seconds), coverage };
  const all = Object.entries({ ...record, [target]: updated }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
}

function corpusFile(target: string): string {
  return path.join(root, 'corpus', `${target}.txt`);
}

function encoded(input: Uint8Array): string {
  return Buffer.from(input).toString('base64');
}

function decoded(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
