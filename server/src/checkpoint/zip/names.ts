/** Entry names that loaders, scanners and file systems may read in different ways. */

import type { ContainerAnomaly } from '../checkpoint';
import type { DirectoryRecord } from './directory';

/** Duplicate, absolute, climbing and unprintable names. PyTorch looks names up without regard to case. */
export function nameAnomalies(records: readonly DirectoryRecord[]): ContainerAnomaly[] {
  const anomalies: ContainerAnomaly[] = [];
  const seen = new Set<string>();
  for (const { name, offset } of records) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) {
      anomalies.push({
        entry: name,
        offset,
        reason: 'two entries have this name: which one is loaded depends on the loader',
      });
    }
    seen.add(folded);
    if (/^[/\\]|^[a-z]:/i.test(name)) anomalies.push({ entry: name, offset, reason: 'its name is an absolute path' });
    if (name.split(/[/\\]/).includes('..'))
      anomalies.push({ entry: name, offset, reason: 'its name climbs out of its folder' });

    if (/[\u0000-\u001f\u007f]/.test(name)) {
      anomalies.push({ entry: name, offset, reason: 'its name holds control characters, at which loaders cut it off' });
    }
  }
  return anomalies;
}
