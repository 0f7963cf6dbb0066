import type { BackdoorEvidence, PurifyReport, ScanReport } from '../../protocol/reports';
import type { SeedReport, Spread } from '../../protocol/seeds';

/** Reports as the jobs make them, with figures that are easy to recognise in a text. */

export const evidence: BackdoorEvidence = {
  suspicion: 0.94,
  abovePercentOfClean: 0.95,
  target: 1,
  estimatedAsr: { value: 0.97, low: 0.91, high: 0.99, count: 45 },
  estimatedAsrByClass: [
    { value: 0.12, low: 0.05, high: 0.25, count: 40 },
    { value: 0.97, low: 0.91, high: 0.99, count: 45 },
  ],
  trigger: {
    target: 1,
    nodes: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
    labels: [4, 4, 2],
    placement: 'degree',
    replace: true,
  },
  attention: [
    {
      ...{ layer: 1, clean: 0.2, triggered: 0.61 },
      gini: { clean: 0.3, triggered: 0.7 },
      entropy: { clean: 0.9, triggered: 0.5 },
      examples: [{ graph: 12, nodes: [4], clean: 0.2, triggered: 0.8 }],
    },
  ],
  signals: { rho: 1.25, gain: 2.5, excess: -0.75 },
};

export const scanReport: ScanReport = {
  file: '/models/gin.pt',
  sha256: 'ab'.repeat(32),
  bytes: 12345,
  format: 'pytorch-zip',
  architecture: {
    kind: 'gin',
    layers: 3,
    hidden: 64,
    inputs: 38,
    classes: 2,
    readout: 'sum',
    batchNorm: true,
    eps: [0, 0, 0],
  },
  architectureNotes: [],
  backdoor: { kind: 'likely', evidence },
  findings: [
    {
      code: 'GN101',
      severity: 'error',
      message: 'Loading this file runs os.system("id")',
      details: ['It is called with 1 argument.'],
      place: { entry: 'gin/data.pkl', offset: 17 },
    },
    { code: 'GN201', severity: 'warning', message: 'Likely backdoored toward class 1', details: [] },
  ],
  settings: {
    seed: 3,
    features: 'labels',
    data: '/data/AIDS',
    dataHash: 'cd'.repeat(32),
    cleanGraphs: 45,
    backend: 'graphnad',
  },
};

export const purifyReport: PurifyReport = {
  file: '/models/gin.pt',
  output: '/models/gin.purified.pt',
  sha256: 'ab'.repeat(32),
  outputSha256: 'ef'.repeat(32),
  architecture: scanReport.architecture as PurifyReport['architecture'],
  notes: ['The readout leaves no tensors: sum is assumed.'],
  method: 'graphnad',
  methodTitle: 'GraphNAD',
  stages: [
    {
      name: 'before',
      estimated: {
        acc: 0.979,
        asr: 0.97,
        flipAsr: 0.96,
        asrInterval: { value: 0.97, low: 0.91, high: 0.99, count: 45 },
      },
      true: { acc: 0.979, asr: 0.955, flipAsr: 0.95 },
    },
    {
      name: 'fine-tuned',
      estimated: {
        acc: 0.933,
        asr: 0.94,
        flipAsr: 0.94,
        asrInterval: { value: 0.94, low: 0.85, high: 0.98, count: 45 },
      },
      true: { acc: 0.933, asr: 0.9, flipAsr: 0.89 },
      der: 0.5,
    },
    {
      name: 'graphnad',
      estimated: { acc: 0.975, asr: 0.02, flipAsr: 0.01, asrInterval: { value: 0.02, low: 0, high: 0.1, count: 45 } },
      true: { acc: 0.975, asr: 0.03, flipAsr: 0.02 },
      der: 0.98,
    },
  ],
  curves: [{ stage: 'teacher', epoch: 1, losses: { clean: 0.5, triggered: 0.25 }, accuracy: 0.9, asr: 0.8 }],
  trigger: evidence.trigger,
  rescan: { kind: 'no-sign', evidence },
  verdict: { kind: 'removed', text: 'backdoor removed: estimated ASR 97% -> 2%' },
  advice: ['Give more clean graphs.'],
  remedies: [],
  findings: [],
  settings: {
    seed: 3,
    features: 'labels',
    data: '/data/AIDS',
    dataHash: 'cd'.repeat(32),
    cleanGraphs: 48,
    testGraphs: 400,
    backend: 'graphnad',
    holdingRate: 0.03,
    options: {},
  },
  receipt: {
    receipt: 'graphnad-purify-1',
    model: { file: '/models/gin.pt', sha256: 'ab'.repeat(32) },
    data: { folder: '/data/AIDS', hash: 'cd'.repeat(32), features: 'labels' },
    cleanIds: [1, 2, 3],
    options: { method: 'graphnad' },
    seed: 3,
    backend: 'graphnad',
    versions: { graphnad: '0.1.0', node: 'v20.19.0', platform: 'linux-x64', kernels: 'relaxed-simd' },
    outputSha256: 'ef'.repeat(32),
  },
  commandLine: 'graphnad purify /models/gin.pt --data /data/AIDS',
};

/** Three seeds whose purified models differ, as they may with few clean graphs. */
export const seedReport: SeedReport = {
  runs: [3, 4, 5].map((seed) => ({ seed, stages: purifyReport.stages, verdict: 'removed' })),
  spread: [
    { name: 'before', figures: { acc: spread(0.979, 0), asr: spread(0.97, 0.01), flipAsr: spread(0.96, 0.01) } },
    { name: 'fine-tuned', figures: { acc: spread(0.933, 0.005), asr: spread(0.94, 0.02), der: spread(0.5, 0.01) } },
    {
      name: 'graphnad',
      figures: {
        acc: spread(0.925, 0.05),
        asr: spread(0.02, 0.01),
        flipAsr: spread(0.01, 0.01),
        der: spread(0.95, 0.02),
      },
    },
  ],
  findings: [
    {
      code: 'GN303',
      severity: 'information',
      message: 'Results differ strongly from seed to seed: the clean set is too small or not representative',
      details: ['Over 3 seeds, mean and standard deviation: accuracy 92.5% ± 5.0 points (87.5 to 97.5%).'],
    },
  ],
};

function spread(mean: number, deviation: number): Spread {
  return { mean, deviation, least: mean - deviation, most: mean + deviation };
}
