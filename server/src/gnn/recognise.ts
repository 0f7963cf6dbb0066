import type { ArchitectureOverride } from '../../../protocol/manifest';
import { modelTitles, type ArchitectureSummary, type Readout } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import { plannedTensors } from './plan/plannedModel';
import { assemble } from './recognition/assemble';
import { checkLimits, checkOverride, checkValues } from './recognition/checks';
import type { Assembly, Dialect } from './recognition/dialect';
import { dialects } from './recognition/dialects';
import { ogbGcn, ogbGin } from './recognition/dialects/ogb';
import { found, renamed, type NamedTensors } from './recognition/namedTensors';
import { assumedText } from './recognition/questions';
import { refuseUnsupported } from './recognition/unsupported';
import { guessNames } from './recognition/shapeGuess';
import { renameTensors } from './recognition/renameTensors';
import type { Question } from './recognition/settings';
import { usualNames } from './recognition/usualNames';
import { servesTraining, withoutWrappers } from './recognition/wrappers';
import type { ModelNames } from './tensorNames';
import { UnrecognisedArchitectureError, type UnsettledArchitectureError } from './unrecognised';

export { UnrecognisedArchitectureError, UnsupportedTaskError } from './unrecognised';

/** A model found in the tensors of a checkpoint. */
export interface Recognition {
  readonly architecture: ArchitectureSummary;
  readonly names: ModelNames;
  /** What was assumed or settled, a sentence each. */
  readonly notes: readonly string[];
  /** The readout leaves no tensors; true while nobody has vouched for it. */
  readonly readoutIsGuess: boolean;
  /** What else leaves no tensors and nobody has vouched for, the readout first where it is one of these. */
  readonly questions: readonly Question[];
  /** What the user vouches for, and what has been settled since. */
  readonly override: ArchitectureOverride;
  /** Why no verdict and no purification can rest on what was assumed, once clean labels were asked. */
  readonly unsettled?: UnsettledArchitectureError;
}

/** Among the notes as long as `readoutIsGuess`, of a dialect in which no other readout is usual. */
export const guessedReadoutNote = readoutNote('sum');

function readoutNote(readout: Readout): string {
  return `The readout leaves no tensors: ${readout} is assumed.`;
}

/**
 * Recognises a graph classifier by the names and shapes of its tensors, as one of the `dialects` in which such models
 * are written: layers of one kind, what is around them, and a linear layer or several behind the readout. Every tensor
 * must have its place: one that is ignored could change what the model computes.
 *
 * @param override what the user vouches for; it must agree with the tensors as far as they show it
 * @throws UnsupportedTaskError where the model answers for nodes or gives a number; TensorNamesError where `tensors` of
 *   the override does not fit the file; else UnrecognisedArchitectureError
 */
export function recogniseArchitecture(
  tensors: ReadonlyMap<string, Tensor>,
  override: ArchitectureOverride = {},
): Recognition {
  checkLimits(tensors);
  const all = withoutWrappers(renameTensors(tensors, override.tensors));
  const named = withoutTraining(all);
  const { dialect, assembly } = dialectOf(named, override);
  const { architecture, plan, questions } = assembly;
  const bystanders = [...all].filter(([name]) => !named.has(name)).map(([, { name, shape }]) => ({ name, shape }));
  const known = [...(plan.constants ?? []), ...bystanders];
  const whole = known.length === 0 ? plan : { ...plan, constants: known };
  checkTensors(tensors, architecture, whole, dialect);
  checkValues(named);
  checkOverride(architecture, override);
  return {
    architecture,
    names: usualNames(whole, architecture) ?? whole,
    notes: notesOn(dialect, assembly),
    readoutIsGuess: questions.some(isOnReadouts),
    questions,
    override,
  };
}

/** The model in the first dialect that it is of. */
function dialectOf(tensors: NamedTensors, override: ArchitectureOverride) {
  const dialect = dialects.find(({ matches }) => matches(tensors));
  refuseUnsupported(tensors, dialect === ogbGin || dialect === ogbGcn);
  if (dialect !== undefined) {
    const put = dialect.assemble ?? assemble;
    return { dialect, assembly: put(inUsualNames(tensors, dialect), dialect, override) };
  }
  const [first] = tensors.values();
  if (first === undefined) throw new UnrecognisedArchitectureError('there are no tensors');
  const guess = guessNames(tensors);
  const offer =
    guess === undefined ? '' : `; by shapes alone it could be a GIN with "tensors": ${JSON.stringify(guess)}`;
  throw new UnrecognisedArchitectureError(
    'there is no layer of a known kind: no tensor is named as layers of PyTorch Geometric, DGL or powerful-gnns are ' +
      `(docs/formats.md); the first is ${first.name}. graphnad.json can say what modules are called (architecture.tensors)${offer}`,
  );
}

function inUsualNames(tensors: NamedTensors, { renames = [] }: Dialect): NamedTensors {
  return renamed(tensors, (name, { shape }) =>
    renames.reduce(
      (called, { from, to, matrix = false }) => (matrix && shape.length !== 2 ? called : called.replace(from, to)),
      name,
    ),
  );
}

function withoutTraining(tensors: NamedTensors): NamedTensors {
  return new Map([...tensors].filter(([name]) => !servesTraining(name)));
}

function notesOn(dialect: Dialect, { architecture, notes, questions }: Assembly): string[] {
  const assumed = assumedText(questions.filter((question) => !isOnReadouts(question)));
  return [
    `Recognised by names like ${dialect.example}: ${dialect.title}.`,
    ...(dialect.assumes ?? []),
    ...notes,
    ...(assumed === undefined ? [] : [assumed]),
    ...(questions.some(isOnReadouts) ? [guessNote(architecture)] : []),
  ];
}

function isOnReadouts({ part }: Question): boolean {
  return part === 'readout' || part === 'secondReadout';
}

function guessNote({ readout, secondReadout }: ArchitectureSummary): string {
  if (secondReadout === undefined) return readoutNote(readout);
  return `Two readouts side by side leave no tensors: ${readout}, then ${secondReadout} are assumed (readout, secondReadout).`;
}

/** Every tensor that the model needs must be there in its shape, and no other. */
function checkTensors(
  tensors: ReadonlyMap<string, Tensor>,
  architecture: ArchitectureSummary,
  plan: Assembly['plan'],
  { form }: Dialect,
): void {
  const specs = plannedTensors(architecture, plan);
  for (const { name, shape } of specs) {
    const tensor = tensors.get(name);
    if (sameShape(tensor?.shape, shape)) continue;
    throw new UnrecognisedArchitectureError(`shape [${shape.join(', ')}] was expected, found ${found(tensor)}`, name);
  }
  const known = new Set(specs.map(({ name }) => name));
  const strangers = [...tensors.keys()].filter((name) => !known.has(name));
  if (strangers.length === 0) return;
  const more = strangers.length === 1 ? '' : ` (nor do ${strangers.length - 1} more)`;
  throw new UnrecognisedArchitectureError(
    `it belongs to no known part of a ${modelTitles[form.kind]} graph classifier${more}`,
    strangers[0],
  );
}

function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a?.length === b.length && a.every((size, i) => size === b[i]);
}
