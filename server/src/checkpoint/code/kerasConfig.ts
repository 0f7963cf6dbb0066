/** What loading a Keras configuration runs: compiled functions, classes by name from any module, files that layers read. */

import { Buffer } from 'node:buffer';
import { limits } from '../limits';
import { looksLikeMarshal } from '../pickle/embedded';
import type { CodeMention, MentionKind } from './codeMention';
import { shownJson } from './jsonText';
import { kerasClasses, kerasFunctions } from './kerasNames';

type JsonObject = Readonly<Record<string, unknown>>;

/** Modules of Keras in which classes that only build a model are, beside others: they have to be known by name as well. */
const buildingModules =
  /^(tf_)?keras(\.src)?(\.(layers|models|engine|initializers|regularizers|constraints|optimizers|losses|metrics|activations|dtype_policies|mixed_precision|random|quantizers|ops)(\.\w+)*)?$/;

/** Modules of Keras whose functions only compute. */
const computingModules =
  /^(tf_)?keras(\.src)?\.(initializers|regularizers|constraints|losses|metrics|activations|random|ops)(\.\w+)*$/;

/** Modules of TensorFlow in which descriptions of tensors are, which `__typespec__` makes: it calls whatever it is told. */
const specModules = /^tensorflow\.python\.(framework|ops)(\.\w+)*$/;

/** Layers that stand for a function of TensorFlow, by its name. */
const operatorLayers: ReadonlySet<string> = new Set(
  'TFOpLambda SlicingOpLambda ClassMethod InstanceMethod InstanceProperty'.split(' '),
);

/** Layers that read a file where `vocabulary` is a path. */
const vocabularyLayers: ReadonlySet<string> = new Set(['StringLookup', 'IntegerLookup', 'TextVectorization']);

const longest = 120;

export interface KerasMentions {
  readonly mentions: readonly CodeMention[];
  /** False where there are more values than are looked at. */
  readonly isComplete: boolean;
}

/** Mentions of a configuration, parsed from JSON. `undefined` where nothing that was looked at is of Keras. */
export function kerasMentions(config: unknown, entry: string): KerasMentions | undefined {
  const mentions: CodeMention[] = [];
  let isKeras = false;
  const waiting: unknown[] = [config];
  for (let left: number = limits.configValues; waiting.length > 0 && left > 0; left--) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && typeof (value as JsonObject).class_name === 'string') {
      isKeras = true;
      for (const mention of mentionsOf(value as JsonObject)) mentions.push({ ...mention, entry });
    }
    for (const inner of Object.values(value)) waiting.push(inner);
  }
  const isComplete = waiting.length === 0;
  return isKeras || !isComplete ? { mentions, isComplete } : undefined;
}

type Found = Omit<CodeMention, 'entry'>;

function mentionsOf(object: JsonObject): Found[] {
  const name = String(object.class_name);
  const config = isObject(object.config) ? object.config : {};
  const module = typeof object.module === 'string' ? object.module : undefined;
  const registered = typeof object.registered_name === 'string' ? object.registered_name : undefined;
  const local = name.slice(name.lastIndexOf('>') + 1);
  const found: Found[] = [];
  if (local === '__lambda__') found.push(bytecode('a function', config.code));
  else if (local === 'Lambda') found.push(...lambdaLayer(config));
  else if (local === 'TorchModuleWrapper') found.push(mention('keras-pickle', 'keras.layers.TorchModuleWrapper'));
  else if (local === 'TFSMLayer') found.push(mention('keras-path', 'keras.layers.TFSMLayer', textOf(config.filepath)));
  else if (local === '__typespec__') found.push(...typeSpec(object, module));
  else if (operatorLayers.has(local)) found.push(mention('keras-object', operatorOf(local, config)));
  else if (local === 'function') found.push(...namedFunction(object, module));
  else if (!isKnownClass(name, module, registered)) {
    const called = module === undefined ? (registered ?? name) : `${module}.${local}`;
    found.push(mention('keras-object', called, shownJson(object.config, longest)));
  }
  if (vocabularyLayers.has(local) && typeof config.vocabulary === 'string') {
    found.push(mention('keras-path', `keras.layers.${local}`, config.vocabulary));
  }
  return found;
}

/** Keras 2 keeps a Lambda's function as [code, defaults, closure], Keras 3 as an object of its own, or either by its name. */
function lambdaLayer(config: JsonObject): Found[] {
  return ['function', 'mask', 'output_shape'].flatMap((key) => {
    const value = config[key];
    if (isObject(value)) return [];
    const code: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof code !== 'string') return [];
    const isName = config[`${key}_type`] === 'function';
    const module = config.module;
    if (isName) return [mention('keras-object', typeof module === 'string' ? `${module}.${code}` : code)];
    // A tuple of sizes is an array too, and of numbers.
    return [bytecode(`the ${key} of a Lambda layer`, code)];
  });
}

function bytecode(what: string, code: unknown): Found {
  const encoded = typeof code === 'string' ? code : isObject(code) && typeof code.value === 'string' ? code.value : '';
  const bytes = Buffer.from(encoded, 'base64');
  const kind = looksLikeMarshal(bytes) ? 'compiled Python' : 'Python code';
  return mention('keras-bytecode', 'keras.layers.Lambda', `${what}, ${bytes.length} bytes of ${kind}${names(bytes)}`);
}

/** Words of a code object's constants and names: what it imports and calls is among them. */
function names(bytes: Buffer): string {
  const words = bytes.toString('latin1').match(/[A-Za-z_][\w.]{2,40}/g) ?? [];
  const shown = [...new Set(words)].slice(0, 12).join(' ');
  return shown === '' ? '' : ` with the names ${shown}`;
}

/** Keras calls `spec_name` of `module` with what the configuration holds. */
function typeSpec(object: JsonObject, module: string | undefined): Found[] {
  const name = textOf(object.spec_name) ?? '';
  if (module !== undefined && specModules.test(module) && /^\w+Spec$/.test(name)) return [];
  return [mention('keras-object', `${module ?? '__typespec__'}.${name}`, shownJson(object.config, longest))];
}

function operatorOf(layer: string, config: JsonObject): string {
  const name = textOf(config.function) ?? textOf(config.symbol) ?? textOf(config.cls_symbol);
  return name === undefined ? layer : `tensorflow.${name}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function namedFunction(object: JsonObject, module: string | undefined): Found[] {
  const { config } = object;
  const name =
    typeof config === 'string' ? config : isObject(config) && typeof config.name === 'string' ? config.name : '';
  const isOfKeras = module === undefined || module === 'builtins' || buildingModules.test(module);
  if (isOfKeras && kerasFunctions.has(name)) return [];
  if (module !== undefined && computingModules.test(module)) return [];
  return [mention('keras-object', module === undefined ? name : `${module}.${name}`)];
}

function isKnownClass(name: string, module: string | undefined, registered: string | undefined): boolean {
  if (name.includes('>') || registered?.includes('>') === true) return false;
  if (module === undefined) return kerasClasses.has(name);
  return kerasClasses.has(name) && (module === 'builtins' || buildingModules.test(module));
}

function mention(kind: MentionKind, name: string, detail?: string): Found {
  return { kind, name: name.slice(0, longest), detail: detail?.slice(0, longest) };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
