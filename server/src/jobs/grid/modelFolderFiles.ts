/** Names of the files that a trained model of a grid is kept in. */
export const modelFile = 'model.pt';
export const triggerFile = 'trigger.json';
export const factsFile = 'model.json';
