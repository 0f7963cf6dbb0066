import type { ReportingDescriptor } from 'sarif';
import { findingCodes, type FindingCode } from '../../../../protocol/findings';
import { findingPage } from '../findingPage';

/** What tools that show rules apart from results are told about a finding code. */
interface Rule {
  /** An identifier for people, in Pascal case. */
  readonly name: string;
  /** As the head of the code's page has it, without a full stop. */
  readonly title: string;
  /** What the finding means: whole sentences, at most 1,000 characters (services cut longer ones off). */
  readonly meaning: string;
  readonly advice: string;
  /** Level of a result that is not sure to be of a milder one. */
  readonly level: 'error' | 'warning' | 'note';
  /** How often such a result is right, in the four words code-scanning services know. */
  readonly precision?: 'high' | 'medium' | 'low';
  /** From 0 to 10 as in CVSS; absent where the finding is not about security. */
  readonly securitySeverity?: number;
  /** Number of the weakness in the Common Weakness Enumeration. */
  readonly cwe?: number;
}

const notAssessed = 'It is not known whether the model carries a backdoor: ';

const rules: Readonly<Record<FindingCode, Rule>> = {
  GN101: {
    name: 'DangerousCode',
    title: 'Loading the file runs dangerous code',
    meaning:
      'A pickle in the file names a function that runs commands or code, reaches files or the network, or hands out other functions. It runs with the rights of whoever loads the file, before any weight is looked at.',
    advice:
      'Do not load the file with pickle or torch.load(weights_only=False). Ask where it came from, and get the weights from a trusted source, best as safetensors. Purifying does not help: it keeps the pickle.',
    level: 'error',
    precision: 'high',
    securitySeverity: 9.8,
    cwe: 502,
  },
  GN102: {
    name: 'UnknownImport',
    title: 'Loading imports something outside the known-safe list',
    meaning:
      "A pickle in the file imports a class or function that is neither known to be harmless nor known to be dangerous. Only somebody who knows the package can say whether loading it is all right; most whole-model files get this warning because of the model's own class.",
    advice:
      'Ask for a state_dict or a safetensors file, or load with torch.load(weights_only=True). If the class is yours or from a trusted source, the finding can be dismissed.',
    level: 'warning',
    precision: 'medium',
    securitySeverity: 4,
    cwe: 502,
  },
  GN103: {
    name: 'MalformedContainer',
    title: 'Malformed container',
    meaning:
      'The file is not built the way PyTorch builds it, and in a way that makes programs read different things in it, or makes a scanner give up where a loader goes on. Such files are made by damage or on purpose.',
    advice:
      "Download the file again and compare its hash with the publisher's. If the publisher's file has the same defect, do not load it.",
    level: 'error',
    precision: 'high',
    securitySeverity: 7,
    cwe: 436,
  },
  GN201: {
    name: 'LikelyBackdoored',
    title: 'Likely backdoored',
    meaning:
      'The model reacts to small subgraphs that were put into clean graphs in the way backdoored models do. A model with a backdoor answers correctly until its trigger appears in a graph, and then answers with the class the attacker chose. The finding is statistical: some clean models get it, and some backdoors are missed.',
    advice:
      'Do not use the model where somebody could profit from a wrong answer. Ask where it came from. Purify it and scan the result, or train a model on data you trust.',
    level: 'error',
    precision: 'medium',
    securitySeverity: 7.5,
    cwe: 506,
  },
  GN202: {
    name: 'AttentionConcentration',
    title: 'Suspicious attention concentration',
    meaning:
      "The strongest trigger that the scan could make pulls a layer's attention onto a few nodes, more than in nearly all clean reference models. By itself this is weak evidence of a backdoor.",
    advice: 'Take it seriously beside GN201, and as a hint of where to look where it stands alone.',
    level: 'warning',
    precision: 'low',
    securitySeverity: 3,
    cwe: 506,
  },
  GN203: {
    name: 'EasyClass',
    title: 'One class is far easier to reach than the others',
    meaning:
      'The strongest small trigger toward one class works far better than those toward the others. A backdoor leads to one class, so this can be its trace; models of unbalanced data lean to one class, too.',
    advice: 'Scan with another clean set, or with more graphs of the rarer classes.',
    level: 'warning',
    precision: 'low',
    securitySeverity: 3,
    cwe: 506,
  },
  GN301: {
    name: 'StillFlipped',
    title: 'The purified model can still be flipped',
    meaning:
      'After purification a trigger still sends many graphs to its target class. The backdoor may have survived in part.',
    advice: 'Do not use the model as it is. Purify it again with more clean graphs.',
    level: 'warning',
    precision: 'medium',
    securitySeverity: 6,
    cwe: 506,
  },
  GN302: {
    name: 'LostAccuracy',
    title: 'Purification cost too much accuracy',
    meaning: 'The purified model answers clearly worse on graphs without a trigger than the original did.',
    advice: 'Give more clean graphs, with every class among them.',
    level: 'warning',
  },
  GN303: {
    name: 'UnstableOverSeeds',
    title: 'Results vary strongly over seeds',
    meaning:
      'Runs that differ in nothing but the seed gave clearly different models: the clean set is too small or not representative.',
    advice: 'Use more clean graphs, and report mean and deviation over several seeds.',
    level: 'note',
  },
  GN901: {
    name: 'NotAssessedUnreadable',
    title: 'Not assessed, the file cannot be read',
    meaning: `${notAssessed}the file is damaged, cut short, encrypted, too large, or in a format that is not supported.`,
    advice: 'Download the file again, or save the state_dict anew with torch.save or as safetensors.',
    level: 'note',
  },
  GN902: {
    name: 'NotAssessedArchitecture',
    title: 'Not assessed, the architecture is not recognised',
    meaning: `${notAssessed}its tensors do not make a graph neural network that this version knows.`,
    advice: 'Where it is one under unusual names, state its architecture with --architecture.',
    level: 'note',
  },
  GN903: {
    name: 'NotAssessedTask',
    title: 'Not assessed, the task is not supported',
    meaning: `${notAssessed}it does not classify graphs, and the measured thresholds hold for graph classifiers alone.`,
    advice: 'Evaluate the model on graphs you trust.',
    level: 'note',
  },
  GN904: {
    name: 'NotAssessedNoData',
    title: 'Not assessed, no fitting clean data',
    meaning: `${notAssessed}no clean graphs were found or given whose node features have the width that the model takes.`,
    advice: 'Name a data set with --data: a folder in TU format with at least 10 graphs of at least two classes.',
    level: 'note',
  },
  GN905: {
    name: 'NotAssessedUnsuitableData',
    title: 'Not assessed, the clean set is too small or unsuitable',
    meaning: `${notAssessed}the clean graphs are too few, of one class, or not of the kind that the model was trained on, or the model itself keeps nothing of its training that could be held against them, is of a shape that scans were not measured on, or may be read wrongly.`,
    advice:
      'Give at least 10 clean graphs, better 128, of all classes, from the source the model was made for. Where the message names parts that are assumed, state them in graphnad.json.',
    level: 'note',
  },
  GN906: {
    name: 'NotAssessedUnfinished',
    title: 'Not assessed, the analysis did not finish',
    meaning: `${notAssessed}the analysis broke off before it came to a verdict.`,
    advice: 'Scan again with fewer clean graphs or more memory.',
    level: 'note',
  },
};

/** Place of a code in {@link ruleDescriptors}. */
export function ruleIndex(code: FindingCode): number {
  return findingCodes.indexOf(code);
}

/** All finding codes as SARIF rules, the same for every log. Tags and `security-severity` are what GitHub reads. */
export function ruleDescriptors(): ReportingDescriptor[] {
  return findingCodes.map((code) => {
    const { name, title, meaning, advice, level, precision, securitySeverity, cwe } = rules[code];
    const page = findingPage(code);
    return {
      id: code,
      name,
      shortDescription: { text: `${title}.` },
      fullDescription: { text: meaning },
      help: {
        text: `${meaning}\n\nWhat to do: ${advice}\n\nHow it is measured and how often it is wrong: ${page}`,
        markdown: `${meaning}\n\n**What to do.** ${advice}\n\n[How it is measured and how often it is wrong](${page})`,
      },
      helpUri: page,
      defaultConfiguration: { level },
      properties: {
        tags: [
          ...(securitySeverity === undefined ? [] : ['security']),
          ...(cwe === undefined ? [] : [`external/cwe/cwe-${cwe}`]),
          ...(code.startsWith('GN9') ? ['not-assessed'] : []),
          'machine-learning',
        ],
        ...(precision === undefined ? {} : { precision }),
        ...(securitySeverity === undefined ? {} : { 'security-severity': securitySeverity.toFixed(1) }),
      },
    };
  });
}
