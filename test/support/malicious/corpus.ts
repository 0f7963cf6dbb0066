import { archiveSamples } from './archives';
import { callableSamples } from './callables';
import { programSamples } from './programs';
import type { MaliciousSample } from './sample';
import { streamSamples } from './streams';

/** All malicious samples, by what they are about. */
export const maliciousCorpus: Readonly<Record<string, readonly MaliciousSample[]>> = {
  'dangerous callables': callableSamples,
  'hidden in the stream': streamSamples,
  'hidden in the container': archiveSamples,
  'code that is no pickle': programSamples,
};
