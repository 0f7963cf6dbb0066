import { archiveSamples } from './archives';
import { callableSamples } from './callables';
import { elementSamples } from './elements';
import { programSamples } from './programs';
import type { MaliciousSample } from './sample';
import { lookupSamples } from './lookups';
import { streamSamples } from './streams';
import { twofoldSamples } from './twofold';

/** All malicious samples, by what they are about. */
export const maliciousCorpus: Readonly<Record<string, readonly MaliciousSample[]>> = {
  'dangerous callables': callableSamples,
  'hidden in the stream': [...streamSamples, ...lookupSamples, ...elementSamples],
  'hidden in the container': [...archiveSamples, ...twofoldSamples],
  'code that is no pickle': programSamples,
};
