import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../../server/src/graph/graph';
import { Adam } from '../../server/src/tensor/adam';
import type { OurModel, PreparedBatch } from './ourModel';
import type { Answers, Train } from './stepCommands';

/** One model in training on a cycle of batches. */
export class Trainer<Prepared extends PreparedBatch> {
  private readonly batches: readonly Prepared[];
  private model: OurModel<Prepared>;
  private adam: Adam;
  private taken = 0;
  private learningRate = 1e-3;

  constructor(
    private readonly makeModel: () => OurModel<Prepared>,
    private readonly members: readonly (readonly Graph[])[],
  ) {
    this.model = makeModel();
    this.adam = new Adam(this.model.variables);
    this.batches = members.map((graphs) => this.model.prepare(graphs));
  }

  reset(learningRate: number): void {
    this.learningRate = learningRate;
    this.adam.dispose();
    this.model.variables.forEach((variable) => variable.dispose());
    this.model = this.makeModel();
    this.adam = new Adam(this.model.variables);
    this.taken = 0;
  }

  train({ steps, collating = false }: Train): Answers['train'] {
    const losses: number[] = [];
    const start = performance.now();
    const processorStart = process.cpuUsage();
    for (let i = 0; i < steps; i++) {
      const place = this.taken++ % this.members.length;
      losses.push(tf.tidy(() => this.step(collating ? this.model.prepare(this.members[place]) : this.batches[place])));
    }
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(processorStart);
    return { milliseconds, processorMilliseconds: (user + system) / 1000, losses };
  }

  private step(prepared: Prepared): number {
    const { variables, logits, loss } = this.model;
    const { value, grads } = tf.variableGrads(() => loss(logits(prepared), prepared.batch.classLabels), variables);
    this.adam.step(
      variables.map(({ name }) => grads[name]),
      this.learningRate,
    );
    return value.dataSync()[0];
  }
}
