import { renamed, type NamedTensors } from './namedTensors';

/**
 * Takes off what is before all names: `module.` of DataParallel, `_orig_mod.` of compiled modules, `model.` of
 * Lightning, `gnn.` and whatever else a module was kept under. A list of layers is no wrapper.
 */
export function withoutWrappers(tensors: NamedTensors): NamedTensors {
  const wrapper = wrapperOf([...tensors.keys()]);
  return wrapper === '' ? tensors : renamed(tensors, (name) => name.slice(wrapper.length));
}

function wrapperOf(names: readonly string[]): string {
  const [first = ''] = names;
  let length = 0;
  for (;;) {
    const end = first.indexOf('.', length) + 1;
    const wrapper = first.slice(0, end);
    if (end === 0 || /\d\.$/.test(wrapper)) break;
    const isCommon = names.every((name) => name.startsWith(wrapper) && /^[A-Za-z_][^.]*\./.test(name.slice(end)));
    if (!isCommon) break;
    length = end;
  }
  return first.slice(0, length);
}

/** Tensors that serve training alone: weights of a loss, metrics. */
export function servesTraining(name: string): boolean {
  return /^(?:criterion|loss|loss_fn|loss_func|class_weights?|metrics?)(?:\.|$)/.test(name);
}
