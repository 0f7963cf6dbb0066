import assert from 'node:assert/strict';
import { attack } from '../../../server/src/cli/attack';
import { UsageError } from '../../../server/src/cli/arguments';
import { useTmpFolder } from '../../support/tmpFolder';

describe('graphnad attack', () => {
  const at = useTmpFolder();
  const run = (...argv: string[]): Promise<number> =>
    attack(['--data', at('data'), '--out', at('m.pt'), ...argv], new AbortController().signal);

  it('refuses what it does not understand, and settings that the attack does not have', async () => {
    const trigger = ['--trigger', at('t.json')];
    for (const [argv, reason] of [
      [[...trigger], /--kind is missing/],
      [['--kind', 'gta'], /--trigger is missing/],
      [['--kind', 'magic', ...trigger], /--kind must be one of subgraph, gta, .*, not "magic"/],
      [['--kind', 'subgraph', ...trigger, '--density', '3'], /--density must be a number above 0/],
      [['--kind', 'gta', ...trigger, '--density', '0.5'], /--density belongs to subgraph and clean-label; gta has no/],
      [['--kind', 'gta', ...trigger, '--flatness', '1'], /--flatness belongs to adaptive; gta has no such setting/],
      [['--kind', 'gta', ...trigger, '--trigger-nodes', '1'], /--trigger-nodes must be a whole number from 2/],
    ] as const) {
      await assert.rejects(run(...argv), (error) => error instanceof UsageError && reason.test(error.message));
    }
  });

  it('says where there are no data', async () => {
    const error = { name: 'DatasetError', message: `${at('data')}: there is no such folder` };
    await assert.rejects(run('--kind', 'subgraph', '--trigger', at('t.json')), error);
  });
});
