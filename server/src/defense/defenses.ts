import { anp } from './anp';
import { argd } from './argd';
import type { Defense } from './defense';
import { finePruning } from './finePruning';
import { fineTuning } from './fineTune';
import { nad } from './nad';
import type { MethodOptions } from './options';
import { graphnadPaper } from './paper';
import { graphnad } from './robust';

/** All defenses, by the name of their method. */
export const defenses: { readonly [Method in keyof MethodOptions]: Defense<MethodOptions[Method]> } = {
  graphnad,
  'graphnad-paper': graphnadPaper,
  finetune: fineTuning,
  'fine-pruning': finePruning,
  nad,
  argd,
  anp,
};
