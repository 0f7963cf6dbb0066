import type { Finding } from '../../../../protocol/findings';
import { featureKinds, type FeatureChoice } from '../../../../protocol/model';
import type { PurifiedWith } from '../purifiedWith';
import { isList, isNumber, isObject, isOneOf, isText, optional } from './checks';
import type { ResultKey } from './entry';
import type { StoredResults } from './jobCache';
import { isFinding } from './resultChecks';

/** What a purification found out about the file it wrote, with the data it used. Valid for that content alone. */
export interface PurificationResult {
  /** Of the purified file. */
  readonly sha256: string;
  readonly findings: readonly Finding[];
  /** Absolute path of the clean data's folder. */
  readonly data: string;
  readonly features?: FeatureChoice;
  /** The clean graphs that it used. */
  readonly purifiedWith?: PurifiedWith;
}

const isPurification = isObject<PurificationResult>({
  sha256: isText,
  findings: isList(isFinding),
  data: isText,
  features: optional(isOneOf([...featureKinds, 'auto'])),
  purifiedWith: optional(
    isObject<PurifiedWith>({ dataHash: isText, features: isOneOf(featureKinds), cleanIds: isList(isNumber) }),
  ),
});

/**
 * What purifications found out, by the content of what they wrote: remembered for the session, and kept with other
 * results for later ones. It is taken whatever program wrote it: a scan does not find it out again.
 */
export class Purifications {
  private readonly remembered = new Map<string, PurificationResult>();

  /** @param stored where results are kept; answers undefined where there is no such place (now) */
  constructor(private readonly stored: () => Promise<StoredResults | undefined>) {}

  /** Never throws. */
  async remember(result: PurificationResult): Promise<void> {
    this.remembered.set(result.sha256, result);
    const stored = await this.stored();
    await stored?.results.put(keyOf(result.sha256), result, isPurification);
  }

  /** What is known of a file of this content. Never throws. */
  async of(sha256: string): Promise<PurificationResult | undefined> {
    const known = this.remembered.get(sha256);
    if (known) return known;
    const stored = await this.stored();
    const kept = await stored?.results.get(keyOf(sha256), isPurification);
    return kept?.result.sha256 === sha256 ? kept.result : undefined;
  }
}

function keyOf(sha256: string): ResultKey {
  return { kind: 'purification', output: sha256 };
}
