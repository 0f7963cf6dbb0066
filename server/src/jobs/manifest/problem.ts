/** What a problem in the manifest is about. */
export type ProblemCode =
  // What the JSON schema says as well
  | 'syntax'
  | 'type'
  | 'value'
  | 'missing-property'
  | 'unknown-property'
  // What it cannot say
  | 'limit'
  | 'duplicate-model'
  | 'option'
  | 'path'
  | 'missing-file'
  | 'no-match'
  | 'unlisted'
  | 'class-names'
  | 'architecture'
  | 'data'
  | 'ids'
  | 'tensor';

/** Something wrong at a place of a manifest's text. */
export interface ManifestProblem {
  readonly code: ProblemCode;
  /** With an error the manifest is not used. */
  readonly severity: 'error' | 'warning' | 'information';
  /** A whole sentence without a full stop. */
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  /** Words that could stand there instead, the best first. */
  readonly instead?: readonly string[];
}

const bySchema: ReadonlySet<ProblemCode> = new Set(['syntax', 'type', 'value', 'missing-property', 'unknown-property']);

/** Whether an editor that knows JSON and the schema says so by itself. */
export function isSaidBySchema({ code }: ManifestProblem): boolean {
  return bySchema.has(code);
}
