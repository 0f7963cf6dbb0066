/** What a report needs to know of a grid besides its cells. */
export interface GridOutline {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Names of the defenses that are judged by the goal, cell by cell. */
  readonly goal: readonly string[];
  /** What to draw: figures of the defenses over `holdingRate` or over an option of theirs. */
  readonly plot?: { readonly over: string; readonly label: string };
}
