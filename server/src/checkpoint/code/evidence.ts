/** What an inspection gathers. */

import type { ContainerAnomaly, PickleGlobal } from '../checkpoint';
import { limits } from '../limits';
import type { PickleImport } from '../pickle/importLog';
import type { CodeMention } from './codeMention';

export class Evidence {
  readonly globals: PickleGlobal[] = [];
  readonly anomalies: ContainerAnomaly[] = [];
  readonly mentions: CodeMention[] = [];

  addImports(imports: readonly PickleImport[], entry: string): void {
    for (const record of imports) this.globals.push({ ...record, entry });
  }

  addMentions(mentions: readonly CodeMention[]): void {
    for (const mention of mentions) if (this.mentions.length < limits.mentions) this.mentions.push(mention);
  }

  report(anomaly: ContainerAnomaly): void {
    if (this.anomalies.length < limits.anomalies) this.anomalies.push(anomaly);
  }
}

/** `outer > inner`, without the outer name where there is none. */
export function within(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer} > ${inner}`;
}
