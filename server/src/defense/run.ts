import type { CurvePoint } from '../../../protocol/reports';

/** What a purification does at the moment. */
export type PurifyStage = 'fine-tuning' | 'bounds' | 'teacher' | 'student';

export interface PurifyProgress {
  readonly stage: PurifyStage;
  /** Epoch within the stage, counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean of each loss term over the epoch. */
  readonly losses: Readonly<Record<string, number>>;
  /** Accuracy on the clean graphs. */
  readonly accuracy?: number;
  /** Flip ASR of a `FlipProbe`; not measured at every epoch. */
  readonly asr?: number;
}

/** The outside world of a running purification: cancellation, progress, and the curves gathered on the way. */
export class Run {
  readonly curves: CurvePoint[] = [];

  constructor(
    private readonly signal: AbortSignal,
    private readonly onProgress: (progress: PurifyProgress) => void,
  ) {}

  /**
   * Lets the process answer messages; to be awaited between steps.
   *
   * @throws the signal's reason, an `AbortError` by default, once it is aborted
   */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.signal.throwIfAborted();
  }

  report(progress: PurifyProgress): void {
    const point = curvePoint(progress);
    if (point !== undefined) this.curves.push(point);
    this.onProgress(progress);
  }
}

/** What the training curves take of the progress; nothing of stages that are not drawn. */
export function curvePoint({ stage, epoch, losses, accuracy, asr }: PurifyProgress): CurvePoint | undefined {
  if (stage !== 'teacher' && stage !== 'student') return undefined;
  return { stage, epoch, losses, accuracy, ...(asr !== undefined && { asr }) };
}
