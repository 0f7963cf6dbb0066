/** Inspects one model, its code too, and says how long that took and how much memory the process had at most. */

import { inspectModel } from '../../server/src/jobs/inspectTask';

async function main(): Promise<void> {
  const start = performance.now();
  const { format, tensors, unreadable, codeSafety } = await inspectModel({ model: process.argv[2] });
  const milliseconds = performance.now() - start;
  // In kilobytes.
  const memory = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ format, tensors, unreadable, codeSafety, milliseconds, memory }));
}

void main();
