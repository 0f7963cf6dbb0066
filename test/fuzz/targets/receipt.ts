import { parsePurifyConfig, PurifyConfigError } from '../../../server/src/jobs/purifyConfig';
import { readOrRefused } from '../checks/refusal';
import { jsonMutator } from '../mutators/json';
import { jsonInput } from '../samples/files';
import type { FuzzTarget } from '../target';

const receipt = {
  receipt: 'graphnad-purify-1',
  model: { file: 'gin.pt', sha256: 'ab'.repeat(32) },
  data: { folder: 'data/AIDS', hash: 'cd'.repeat(32), features: 'labels' },
  cleanIds: [0, 3, 7],
  architecture: { readout: 'mean' },
  options: { method: 'nad', attentionPower: 1 },
  seed: 3,
  backend: 'cpu',
  versions: { graphnad: '0.1.0', node: 'v20.0.0', platform: 'linux-x64' },
  outputSha256: 'ef'.repeat(32),
};

export const target: FuzzTarget = {
  title: 'Receipts',
  code: /^server\/src\/(jobs\/purifyConfig|attack\/json)/,
  seeds: () => [jsonInput(receipt), jsonInput({ receipt }), jsonInput({})],
  mutate: jsonMutator([...Object.keys(receipt), 'graphnad', 'anp', 'epochs', 'teacherRounds', 'auto']),
  run(input) {
    const read = () => parsePurifyConfig(Buffer.from(input).toString('utf8'), 'receipt.json');
    return readOrRefused([PurifyConfigError], read).refusal ?? 'read';
  },
};
