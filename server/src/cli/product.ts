import { homepage, version } from '../../../package.json';

/** What this program calls itself. */
export const product = {
  version,
  /** Where its documentation is. */
  documentation: homepage.replace(/#.*$/, ''),
} as const;
