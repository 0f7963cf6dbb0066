/** Steps of the walkthrough, by their ids in the manifest. */
export const walkthroughSteps = [
  'folder',
  'models',
  'problems',
  'inspector',
  'purify',
  'results',
  'attention',
  'manifest',
] as const;
export type WalkthroughStep = (typeof walkthroughSteps)[number];

/** The context key that ticks a step when it comes to be true. */
export function stepKey(step: WalkthroughStep): string {
  return `graphnad.walkthrough.${step}`;
}
