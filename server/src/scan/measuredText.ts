import type { MeasuredRates } from '../../../protocol/reports';

/**
 * How often scans are right, found and missed: `Scans like this (GIN with 128 clean graphs) raised an error or a warning
 * on 145 of 158 backdoored models, so that they missed 13, and on 17 of 161 clean ones; errors alone on 137 and on 7`
 *
 * @returns a sentence without its full stop
 */
export function measuredText({ scans, backdoored, clean, warningsOnly }: MeasuredRates): string {
  const isAlwaysWarning = warningsOnly === true || backdoored.errors + clean.errors === 0;
  return (
    `Scans like this (${scans}) raised ${isAlwaysWarning ? 'a warning' : 'an error or a warning'} on ` +
    `${backdoored.findings} of ${backdoored.models} backdoored models, so that they missed ` +
    `${backdoored.models - backdoored.findings}, and on ${clean.findings} of ${clean.models} clean ones` +
    (isAlwaysWarning ? '' : `; errors alone on ${backdoored.errors} and on ${clean.errors}`)
  );
}
