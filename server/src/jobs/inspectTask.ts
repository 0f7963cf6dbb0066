import type { ModelInspection } from '../../../protocol/inspector';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import { plural } from '../../../protocol/numberText';
import type { ByteSource } from '../checkpoint/byteSource';
import { wholeOf } from '../checkpoint/byteSource';
import { CheckpointError, type Tensor } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { filesBeside } from '../checkpoint/formats';
import { openCheckpoint, type OpenCheckpoint } from '../checkpoint/openCheckpoint';
import { tensorBytes } from '../checkpoint/tensorParts';
import { recogniseArchitecture, UnrecognisedArchitectureError } from '../gnn/recognise';
import { codeSafetyFindings, codeSafetyVerdict, type CodeSafety } from '../scan/codeSafety';
import { architectureText } from '../report/architectureText';
import { computationNotes } from './computationNotes';
import { FileSource } from './fileSource';
import { modulesOf, recognisedParts } from './inspectParts';
import { sha256Of } from './hashFile';
import { bytesBeside } from './modelBytes';
import { inspectCodeOf } from './modelCode';

export interface InspectTask {
  readonly kind: 'inspect';
  /** Absolute path of the model file. */
  readonly model: string;
  /** Parts of the architecture the user vouches for. */
  readonly architecture?: ArchitectureOverride;
}

/** What a model file holds, found without running anything in it. */
export interface Inspection extends ModelInspection {
  readonly codeSafety: CodeSafety;
}

/** A file up to this size is read whole. Of a larger one no more values are read than this. */
const wholeSize = 1 << 26;

/** So many of the tensors that cannot be read are named in words. */
const mostUnread = 10;

/** Of what lies beside the weights so many entries are shown, ... */
const mostEntries = 1000;
/** ... and so many characters of each. */
const mostText = 10_000;

/**
 * Inspects a model file. A file that is no readable checkpoint is still searched for code. A large file is read by
 * ranges, so that time and memory do not depend on its size.
 *
 * @throws CheckpointError only where the file itself cannot be read from disk
 */
export function inspectModel({ model, architecture }: Omit<InspectTask, 'kind'>): Promise<Inspection> {
  return FileSource.with(model, (file, openBeside) => {
    const isWhole = file.length <= wholeSize;
    const source = isWhole ? wholeOf(file) : file;
    const code = inspectCodeOf(source, model, openBeside);
    const names = filesBeside(source, model);
    const description = describe(source, model, openBeside, architecture);
    return {
      bytes: file.length + bytesBeside(names, openBeside),
      version: file.version,
      ...description,
      codeSafety: codeSafetyVerdict(code),
      findings: codeSafetyFindings(code),
      notes: [...notes(isWhole, code.inspected), ...unreadNotes(description)],
      // Of several files it is asked for by itself.
      ...(isWhole && names.length === 0 && { sha256: sha256Of(wholeOf(source)) }),
    };
  });
}

function notes(isWhole: boolean, isCodeInspected: boolean): string[] {
  return [
    ...(isWhole ? [] : ['The file is large: it was read by ranges, and checksums of tensor data were not compared.']),
    ...(isCodeInspected ? [] : ['Its format is not known, so it was not looked at for code.']),
  ];
}

function unreadNotes({ unreadTensors }: Pick<ModelInspection, 'unreadTensors'>): string[] {
  if (unreadTensors.length === 0) return [];
  const shown = unreadTensors.slice(0, mostUnread).map(({ name, reason }) => `${shortened(name)} (${reason})`);
  const rest = unreadTensors.length - shown.length;
  const more = rest === 0 ? '' : ` and ${plural(rest, 'more tensor')}`;
  return [`Not read, so that the model cannot be scanned for backdoors: ${shown.join(', ')}${more}.`];
}

type Description = Omit<ModelInspection, 'bytes' | 'version' | 'findings' | 'notes' | 'sha256'>;

function describe(
  source: ByteSource,
  model: string,
  openBeside: OpenBeside,
  override?: ArchitectureOverride,
): Description {
  try {
    const checkpoint = openCheckpoint(source, model, openBeside);
    const { format, tensors, unread, wrapper, metadata, extras } = checkpoint;
    return {
      format,
      tensors: [...tensors.values()].map((tensor) => {
        const { name, dtype, shape } = tensor;
        return { name, dtype, shape, bytes: tensorBytes(tensor) };
      }),
      unreadTensors: [...unread].slice(0, mostEntries).map(([name, reason]) => ({ name: shortened(name), reason })),
      wrapper,
      metadata: shownMetadata({ ...metadata, ...extras.plain }),
      otherEntries: extras.others.slice(0, mostEntries).map(shortened),
      ...recognised(checkpoint, override),
    };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    const { reason, entry, offset } = error;
    const nothing = {
      tensors: [],
      unreadTensors: [],
      architectureNotes: [],
      parts: [],
      wrapper: '',
      metadata: {},
      otherEntries: [],
    };
    return { ...nothing, unreadable: { reason, entry, offset } };
  }
}

/** A page shows the beginning of what is longer, or of more entries. */
function shownMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const shown = Object.entries(metadata).slice(0, mostEntries);
  return Object.fromEntries(shown.map(([key, value]) => [shortened(key), shortened(value)]));
}

function shortened(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText)}... (${plural(text.length, 'character')})`;
}

/** Recognising a model looks at all of its values. */
class TooManyValuesError extends Error {}

function recognised(
  { tensors, format }: OpenCheckpoint,
  override?: ArchitectureOverride,
): Pick<ModelInspection, 'architecture' | 'recognised' | 'architectureNotes' | 'parts'> {
  const modules = () => modulesOf([...tensors.keys()]);
  try {
    const recognition = recogniseArchitecture(withBudget(tensors), override);
    const { architecture } = recognition;
    const architectureNotes = [...recognition.notes, ...computationNotes(format)];
    return {
      architecture,
      recognised: architectureText(architecture),
      architectureNotes,
      parts: recognisedParts(recognition, tensors),
    };
  } catch (error) {
    if (error instanceof TooManyValuesError) {
      const note = 'Not looked at: recognising the architecture takes reading all values, and these are many.';
      return { architectureNotes: [note], parts: modules() };
    }
    if (!(error instanceof UnrecognisedArchitectureError)) throw error;
    return { architectureNotes: [`Not recognised: ${error.reason}`], parts: modules() };
  }
}

/** The tensors, of which no more than `wholeSize` bytes can be read. */
function withBudget(tensors: OpenCheckpoint['tensors']): ReadonlyMap<string, Tensor> {
  let left = wholeSize;
  const limited = ({ name, dtype, shape }: Tensor, bytes: number, values: () => Float64Array): Tensor => ({
    name,
    dtype,
    shape,
    values() {
      left -= bytes;
      if (left < 0) throw new TooManyValuesError();
      return values();
    },
  });
  return new Map(
    [...tensors].map(([name, tensor]) => [name, limited(tensor, tensorBytes(tensor), () => tensor.values())]),
  );
}
