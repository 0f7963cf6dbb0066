import { repository } from '../../../package.json';
import type { FindingCode } from '../../../protocol/findings';

/** Address of the page that explains a finding code. */
export function findingPage(code: FindingCode): string {
  const base = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return `${base}/blob/main/docs/findings/${code}.md`;
}
