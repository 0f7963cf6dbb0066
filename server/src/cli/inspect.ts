import path from 'node:path';
import { inspectModel, type Inspection } from '../jobs/inspectTask';
import { architectureText } from '../report/architectureText';
import { findingText } from '../report/scanText';
import { textTable } from '../report/table';
import { architectureOption, parseArguments } from './arguments';
import { exitCode } from './exitCodes';
import { printJson, say } from './output';

export const inspectHelp = `graphnad inspect MODEL [options]
  What a model file holds: format, tensors, recognised architecture, code-safety findings. Runs nothing in it.

  --readout KIND       sum, mean or max, where it is known
  --architecture FILE  JSON with parts of the architecture that recognition should not guess
  --json               one JSON document on standard output`;

/** `graphnad inspect`. */
export async function inspect(argv: readonly string[]): Promise<number> {
  const args = parseArguments(
    argv,
    { json: { type: 'boolean' }, readout: { type: 'string' }, architecture: { type: 'string' } },
    { min: 1, max: 1, what: 'the model file' },
  );
  const inspection = await inspectModel(path.resolve(args.positionals[0]), await architectureOption(args));
  if (args.values.json) printJson(inspection);
  else say(inspectionText(inspection));
  return inspection.unreadable === undefined ? exitCode.ok : exitCode.failed;
}

const codeSafetyWords = {
  safe: 'loading it runs nothing outside the known-safe list',
  unknown:
    'it is not known that loading it is harmless: it imports something outside the known-safe list, is malformed, or could not be inspected',
  dangerous: 'loading it runs dangerous code',
} as const;

function inspectionText(inspection: Inspection): string {
  const { architecture, tensors } = inspection;
  const sections = [
    [
      inspection.file,
      `${inspection.format ?? 'not readable as a checkpoint'}, ${inspection.bytes.toLocaleString('en-US')} bytes, sha256 ${inspection.sha256}`,
      ...(inspection.unreadable === undefined ? [] : [inspection.unreadable]),
      ...(architecture === undefined ? [] : [`Recognised as ${architectureText(architecture)}`]),
      ...inspection.architectureNotes,
      `Code: ${codeSafetyWords[inspection.codeSafety]}`,
    ].join('\n'),
    ...inspection.findings.map(findingText),
    ...(tensors.length === 0
      ? []
      : [
          textTable([
            ['tensor', 'dtype', 'shape'],
            ...tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`]),
          ]),
        ]),
  ];
  return sections.join('\n\n');
}
