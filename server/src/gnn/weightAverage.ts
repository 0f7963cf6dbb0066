import type { GinModel } from './gin';

/** Running mean of a model's weights over time, which is flatter and steadier than any one of them (Izmailov et al. 2018). */
export class WeightAverage {
  private readonly sums: Float64Array[] = [];
  private count = 0;

  /** Takes the present weights of `model` into the mean. */
  add(model: GinModel): void {
    this.count++;
    model.trainable().forEach((variable, i) => {
      const values = variable.dataSync<'float32'>();
      const sum = (this.sums[i] ??= new Float64Array(values.length));
      for (let k = 0; k < values.length; k++) sum[k] += values[k];
    });
  }

  /** Sets the weights of `model` to the mean; leaves them alone where nothing was added. */
  applyTo(model: GinModel): void {
    if (this.count === 0) return;
    model.setTrainable(this.sums.map((sum) => Float32Array.from(sum, (value) => value / this.count)));
  }
}
