import type { BackdoorVerdict } from '../../../protocol/reports';
import type { Trigger } from '../attack/trigger';
import { CleanSetError } from '../defense/cleanSet';
import { assessBackdoor, type BackdoorScan } from '../scan/backdoor';
import { estimateAsr } from '../scan/estimatedAsr';

/** The trigger that models are compared by, found on clean graphs, and what the scan said. */
export interface FoundTrigger {
  readonly trigger: Trigger;
  readonly target: number;
  readonly verdict: BackdoorVerdict;
}

/**
 * Scans a model for the trigger that it and its purified copies are compared by.
 *
 * @throws CleanSetError where no trigger can be tried, and the signal's reason once aborted
 */
export async function findTriggerToCompareBy(scan: BackdoorScan): Promise<FoundTrigger> {
  const verdict = await assessBackdoor(scan);
  if (verdict.evidence !== undefined) {
    const { trigger, target } = verdict.evidence;
    return { trigger, target, verdict };
  }
  // Too little data for any evidence may still do for a trigger to compare by.
  const { byClass } = await estimateAsr(scan.model, scan.clean, scan.layout, scan);
  const [strongest] = byClass.filter((estimate) => estimate !== undefined).sort((a, b) => b.asr - a.asr);
  if (strongest === undefined) {
    throw new CleanSetError('No trigger can be tried on these clean graphs: they have too few nodes.', []);
  }
  return { trigger: strongest.trigger, target: strongest.target, verdict };
}
