import path from 'node:path';
import type { ConvertReport } from '../../../protocol/inspector';
import { convertToSafetensors } from '../jobs/convertTask';
import { visible } from '../report/visible';
import { parseArguments, requiredText } from './arguments';
import { exitCode } from './exitCodes';
import { printJson, progressLine, say } from './output';

export const convertHelp = `graphnad convert MODEL --out FILE [options]
  Writes the tensors of a model of any format into a safetensors file, which can run no code, and compares the two.

  --out FILE           the safetensors file
  --overwrite          replace an existing output file
  --json               what was done as one JSON document on standard output`;

/** `graphnad convert`. */
export async function convert(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    { out: { type: 'string' }, overwrite: { type: 'boolean' }, json: { type: 'boolean' } },
    { min: 1, max: 1, what: 'the model file' },
  );
  const model = path.resolve(args.positionals[0]);
  const output = path.resolve(requiredText(args, 'out'));
  const line = progressLine(path.basename(model));
  const task = { kind: 'convert', model, output, overwrite: args.values.overwrite === true } as const;
  const report = await convertToSafetensors(task, { signal, progress: line.update }).finally(line.done);
  if (args.values.json) printJson(report);
  else say(convertText(report));
  return exitCode.ok;
}

function convertText({ file, output, tensors, bytes, outputSha256, metadata, notes }: ConvertReport): string {
  return [
    `${file} -> ${output}`,
    `${tensors} tensors, ${bytes.toLocaleString('en-US')} bytes, sha256 ${outputSha256}; every byte was compared with the original`,
    `Metadata: ${metadata.join(', ')}`,
    ...notes,
  ]
    .map(visible)
    .join('\n');
}
