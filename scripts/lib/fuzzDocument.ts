/** The figures of fuzzing in `docs/security.md`. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCorpus, readRecord, readRegressions } from '../../test/fuzz/engine/store';
import { targets } from '../../test/fuzz/targets';
import { repositoryRoot } from './paths';

const fuzzDocumentFile = path.join(repositoryRoot, 'docs', 'security.md');
const begin = '<!-- fuzzing -->';
const end = '<!-- /fuzzing -->';

/** Writes the table from the record between its marks. Throws where they are missing. */
export function writeFuzzDocument(): void {
  const text = readFileSync(fuzzDocumentFile, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${fuzzDocumentFile} has no marks for the figures of fuzzing`);
  writeFileSync(fuzzDocumentFile, `${text.slice(0, from + begin.length)}\n\n${fuzzTable()}\n${text.slice(to)}`);
}

/** A row for each target that was fuzzed, and their sum. */
function fuzzTable(): string {
  const record = readRecord();
  const rows = Object.entries(targets).flatMap(([name, { title }]) => {
    const run = record[name];
    if (run === undefined) return [];
    return [{ title, ...run, kept: readCorpus(name).length, defects: readRegressions(name).length }];
  });
  const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const line = (title: string, inputs: number, seconds: number, coverage: string, kept: number, defects: number) =>
    `| ${[title, inputs.toLocaleString('en-US'), (seconds / 3600).toFixed(2), coverage, kept, defects].join(' | ')} |`;
  return [
    '| parser | inputs | hours | code reached | inputs kept | defects found and mended |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(({ title, inputs, seconds, coverage, kept, defects }) =>
      line(title, inputs, seconds, percent(coverage), kept, defects),
    ),
    line(
      '**all**',
      sum(({ inputs }) => inputs),
      sum(({ seconds }) => seconds),
      '',
      sum(({ kept }) => kept),
      sum(({ defects }) => defects),
    ),
    '',
  ].join('\n');
}

/** A share as people read it. */
export function percent(share: number | undefined): string {
  return share === undefined ? 'not counted' : `${Math.round(100 * share)} %`;
}
