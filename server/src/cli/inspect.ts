import path from 'node:path';
import { CheckpointError } from '../checkpoint/checkpoint';
import { inspectModel, type Inspection } from '../jobs/inspectTask';
import { hashFile } from '../jobs/hashFile';
import { whileUnchanged } from '../jobs/modelVersion';
import { findingText } from '../report/scanText';
import { textTable } from '../report/table';
import { visible } from '../report/visible';
import { architectureOption, parseArguments } from './arguments';
import { exitCode } from './exitCodes';
import { printJson, say } from './output';

export const inspectHelp = `graphnad inspect MODEL [options]
  What a model file holds: format, tensors, recognised architecture, code-safety findings. Runs nothing in it.

  --readout KIND       sum, mean or max, where it is known
  --architecture FILE  JSON, or a file with it: parts of the architecture that recognition should not guess
  --json               one JSON document on standard output`;

/** `graphnad inspect`. */
export async function inspect(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    { json: { type: 'boolean' }, readout: { type: 'string' }, architecture: { type: 'string' } },
    { min: 1, max: 1, what: 'the model file' },
  );
  const model = path.resolve(args.positionals[0]);
  const architecture = await architectureOption(args);
  const { inspection, sha256 } = await whileUnchanged(model, async () => {
    const inspected = await inspectModel({ model, architecture });
    return { inspection: inspected, sha256: inspected.sha256 ?? (await hashFile(model, signal)) };
  });
  if (args.values.json) printJson(document(model, inspection, sha256));
  else say(inspectionText(model, inspection, sha256));
  return inspection.unreadable === undefined ? exitCode.ok : exitCode.failed;
}

const codeSafetyWords = {
  safe: 'loading it runs nothing outside the known-safe list',
  unknown:
    'it is not known that loading it is harmless: it imports something outside the known-safe list, is malformed, or could not be inspected',
  dangerous: 'loading it runs dangerous code',
} as const;

/** What `--json` prints: not what is there for the editor alone. */
function document(file: string, inspection: Inspection, sha256: string): object {
  return { file, ...inspection, version: undefined, parts: undefined, recognised: undefined, sha256 };
}

function inspectionText(file: string, inspection: Inspection, sha256: string): string {
  const { recognised, tensors, unreadable } = inspection;
  const sections = [
    [
      file,
      `${inspection.format ?? 'not readable as a checkpoint'}, ${inspection.bytes.toLocaleString('en-US')} bytes, sha256 ${sha256}`,
      ...(unreadable === undefined
        ? []
        : [new CheckpointError(file, unreadable.reason, unreadable.offset, unreadable.entry).message]),
      ...(recognised === undefined ? [] : [`Recognised as ${recognised}`]),
      ...inspection.architectureNotes,
      ...besideText(inspection),
      ...inspection.notes,
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

/** What lies beside the weights. */
function besideText({ metadata, otherEntries }: Inspection): string[] {
  const texts = Object.entries(metadata).map(([key, value]) => `${key}: ${shortened(value)}`);
  return [...texts, ...(otherEntries.length === 0 ? [] : [`Also in the file: ${otherEntries.join(', ')}`])].map(
    visible,
  );
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
