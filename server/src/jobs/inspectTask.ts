import type { Finding } from '../../../protocol/findings';
import type { ArchitectureSummary, TensorSummary } from '../../../protocol/model';
import { CheckpointError, type Checkpoint } from '../checkpoint/checkpoint';
import { inspectCode } from '../checkpoint/inspectCode';
import { readCheckpoint } from '../checkpoint/readCheckpoint';
import { recogniseArchitecture, UnrecognisedArchitectureError } from '../gnn/recognise';
import { codeSafetyFindings, codeSafetyVerdict, type CodeSafety } from '../scan/codeSafety';
import { readModelFile } from './loadModel';

/** What a model file holds, found without running anything in it. */
export interface Inspection {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Absent where the container could not be read; `unreadable` says why. */
  readonly format?: Checkpoint['format'];
  readonly unreadable?: string;
  readonly tensors: readonly TensorSummary[];
  readonly architecture?: ArchitectureSummary;
  /** Why no architecture was recognised, or what was guessed. */
  readonly architectureNotes: readonly string[];
  readonly codeSafety: CodeSafety;
  readonly findings: readonly Finding[];
}

/**
 * Inspects a model file. A file that is no readable checkpoint is still searched for code.
 *
 * @throws CheckpointError only where the file itself cannot be read from disk
 */
export async function inspectModel(path: string, override?: Partial<ArchitectureSummary>): Promise<Inspection> {
  const { bytes, sha256 } = await readModelFile(path);
  const code = inspectCode(bytes, path);
  return {
    file: path,
    sha256,
    bytes: bytes.length,
    ...describe(bytes, path, override),
    codeSafety: codeSafetyVerdict(code),
    findings: codeSafetyFindings(code),
  };
}

function describe(
  bytes: Uint8Array,
  path: string,
  override?: Partial<ArchitectureSummary>,
): Pick<Inspection, 'format' | 'unreadable' | 'tensors' | 'architecture' | 'architectureNotes'> {
  try {
    const { format, tensors } = readCheckpoint(bytes, path);
    return {
      format,
      tensors: [...tensors.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape })),
      ...recognised(tensors, override),
    };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return { unreadable: error.message, tensors: [], architectureNotes: [] };
  }
}

function recognised(
  tensors: Checkpoint['tensors'],
  override?: Partial<ArchitectureSummary>,
): Pick<Inspection, 'architecture' | 'architectureNotes'> {
  try {
    const { architecture, notes } = recogniseArchitecture(tensors, override);
    return { architecture, architectureNotes: notes };
  } catch (error) {
    if (!(error instanceof UnrecognisedArchitectureError)) throw error;
    return { architectureNotes: [`Not recognised: ${error.reason}`] };
  }
}
