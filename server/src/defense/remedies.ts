import type { Remedy } from '../../../protocol/reports';
import type { ResolvedOptions } from './options';
import type { OutcomeCode } from './outcome';

/** Number of clean graphs at which results were steady on the data sets tried (docs/method.md). */
const enoughCleanGraphs = 50;
/** How much a setting is changed by. */
const step = 2;

/** One purification and what went wrong with it. */
export interface RemedyInput {
  readonly codes: readonly OutcomeCode[];
  /** The settings it was made with. */
  readonly options: ResolvedOptions;
  readonly cleanGraphs: number;
  /** Share of the training split that served as the clean set; absent where the graphs were named. */
  readonly holdingRate?: number;
}

/**
 * What the failure signatures of docs/method.md say to try, as settings of another run; nothing where nothing failed.
 * That a remedy helps is likely by its signature and was not measured for each.
 */
export function remediesFor({ codes, options, cleanGraphs, holdingRate }: RemedyInput): Remedy[] {
  if (codes.length === 0) return [];
  return [...moreCleanGraphs(cleanGraphs, holdingRate), ...otherSettings(codes, options)];
}

function moreCleanGraphs(cleanGraphs: number, holdingRate: number | undefined): Remedy[] {
  if (holdingRate === undefined || holdingRate >= 1) return [];
  const factor = Math.max(step, enoughCleanGraphs / cleanGraphs);
  const rate = Math.min(1, Number((holdingRate * factor).toPrecision(2)));
  const graphs = Math.round((cleanGraphs * rate) / holdingRate);
  return [
    {
      label: 'Run Again with More Clean Graphs',
      detail: `holding rate ${rate} instead of ${holdingRate}: about ${graphs} clean graphs instead of ${cleanGraphs}`,
      holdingRate: rate,
    },
  ];
}

/** Both at once call for opposite settings: there only more clean graphs can help. */
function otherSettings(codes: readonly OutcomeCode[], options: ResolvedOptions): Remedy[] {
  if (options.method !== 'graphnad' || codes.length !== 1) return [];
  if (codes[0] === 'GN301') {
    return [
      {
        label: 'Run Again with More Training against Triggers',
        detail: 'twice the teacher rounds, and twice the weight on triggered copies in teacher and student',
        options: {
          teacherRounds: options.teacherRounds * step,
          teacherTriggeredWeight: options.teacherTriggeredWeight * step,
          studentTriggeredWeight: options.studentTriggeredWeight * step,
        },
      },
    ];
  }
  return [
    {
      label: 'Run Again More Gently',
      detail: 'half the learning rates, and twice the weight on clean graphs in teacher and student',
      options: {
        teacherLearningRate: options.teacherLearningRate / step,
        studentLearningRate: options.studentLearningRate / step,
        teacherCleanWeight: options.teacherCleanWeight * step,
        studentCleanWeight: options.studentCleanWeight * step,
      },
    },
  ];
}
