import { createHash } from 'node:crypto';
import type { Finding } from '../../../../protocol/findings';
import type { ScanReport } from '../../../../protocol/reports';

/**
 * Stable identities of a report's findings, in their order: the same for the same finding whatever the file is called,
 * whenever and with whatever seed or version it is scanned, and different for two findings of a file.
 *
 * They hold what the finding is about and, but for GN102, the file's content: whoever dismisses a finding does so for
 * this very model, and another file put in its place is reported anew. GN102 speaks of a name alone, and a known class
 * stays known when the model is trained again.
 */
export function fingerprints({ sha256, findings }: Pick<ScanReport, 'sha256' | 'findings'>): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const identity = createHash('sha256').update(identityOf(finding, sha256)).digest('hex').slice(0, 32);
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    return `${identity}:${occurrence}`;
  });
}

function identityOf({ code, subject = '' }: Finding, sha256: string): string {
  return JSON.stringify([code, subject, ...(code === 'GN102' ? [] : [sha256])]);
}
