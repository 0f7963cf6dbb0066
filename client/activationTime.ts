/**
 * When the extension's code began to load, in milliseconds. Imported before everything else by `extension.ts`, so that
 * the time it takes to load the rest is counted.
 */
export const loadingBegan = performance.now();
