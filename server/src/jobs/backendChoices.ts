/** Which backend runs the numerics; `auto` takes our own, or plain JavaScript where that cannot run. */
export const backendChoices = ['auto', 'graphnad', 'tensorflow', 'cpu'] as const;
export type BackendChoice = (typeof backendChoices)[number];
