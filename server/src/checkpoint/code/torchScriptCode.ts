/**
 * What the code of a TorchScript archive may do. It is compiled from a small language that reaches nothing but PyTorch's
 * operators, so what counts is which of them it names: a few read and write files, and others come from native libraries.
 * The compiler ignores spaces, comments and line continuations, and lets a variable stand for `torch` or `ops`
 * (`t = torch`), so that names are read here as it reads them.
 */

import type { CodeMention } from './codeMention';

/** Namespaces of operators that come with PyTorch, and those of libraries that compute on graphs and images. */
const knownNamespaces: ReadonlySet<string> = new Set(
  `aten prim prims quantized _quantized quantized_decomposed mkldnn mkldnn_prepacked xnnpack prepacked sparse profiler
  cuda static_runtime inductor tensorexpr metal vulkan vulkan_prepack mtl nested onnx_ns _caffe2 torchvision pyg
  torch_scatter torch_sparse torch_cluster torch_spline_conv torchaudio fbgemm dgl`.split(/\s+/),
);

/** Words in the names of operators that reach files, whatever their namespace: `sox_io_save_audio_file`. */
const fileWords = /(?:^|_)(?:save|load|read|write|open|dump|file|library)(?:_|$)/;

/** Strings, comments, continued lines, numbers, names, dots, and what else there is. */
const token =
  /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|#[^\n]*|\\\r?\n|\d[\w.]*|[A-Za-z_]\w*|\.|[^\s\w."'#\\]+|\\/g;

/** Operators as `bytecode.pkl` of a model for mobile devices lists them: `aten::add`. */
const listedOperator = /([A-Za-z_]\w{0,99})::([A-Za-z_]\w{0,99})/g;

/** Characters of a call that are shown. */
const shownCall = 120;

/** A name with what follows it after dots: `torch.nn.functional`. */
interface DottedName {
  readonly parts: readonly string[];
  readonly index: number;
  /** The token behind it. */
  readonly next: string;
}

/** Whether an operator, such as `torch.save`, reads or writes files by its name. */
export function reachesFiles(name: string): boolean {
  return fileWords.test(name.slice(name.lastIndexOf('.') + 1));
}

/** Operators of `code` that do more than compute, each once, with the byte of the first mention. */
export function torchScriptMentions(code: string, entry: string): CodeMention[] {
  const found = new Mentions(code, entry);
  const { names, members } = readNames(code);
  let isRenamed = false;
  for (const { parts, index, next } of names) {
    const [base, ...rest] = parts;
    if (base === '__torch__') found.addClass(rest, index);
    if (base !== 'torch' && base !== 'ops') continue;
    // Functions of `torch` are those of the namespace `aten`, and so are those of `torch.autograd`.
    const [namespace, ...path] = base === 'ops' ? rest : ['aten', ...rest];
    const operators = path.filter((part) => part !== 'autograd');
    if (operators.length > 0) found.addOperator(base, namespace, operators, index);
    else if (rest.length > 0 || !/^[:=]/.test(next) || next.startsWith('==')) {
      isRenamed = true;
      found.add(`torch.ops.${rest.join('.')}`.replace(/\.$/, ''), index);
    }
  }
  // Through another name for `torch` any of its functions may be meant.
  if (isRenamed) for (const { name, index } of members) if (reachesFiles(name)) found.add(`torch.${name}`, index);
  return found.mentions;
}

/** The same of the operators that a program for mobile devices lists, whose instructions are in a pickle. */
export function mobileMentions(pickle: string, entry: string): CodeMention[] {
  const found = new Mentions(pickle, entry);
  for (const { 1: namespace, 2: name, index } of pickle.matchAll(listedOperator)) {
    found.addOperator('ops', namespace, [name], index);
  }
  return found.mentions;
}

class Mentions {
  private readonly byName = new Map<string, CodeMention>();

  constructor(
    private readonly code: string,
    private readonly entry: string,
  ) {}

  get mentions(): CodeMention[] {
    return [...this.byName.values()];
  }

  add(name: string, index: number): void {
    if (this.byName.has(name)) return;
    const detail = this.code
      .slice(index, index + shownCall)
      .split('\n', 1)[0]
      .replace(/[^\x20-\x7e]/g, '?');
    this.byName.set(name, { kind: 'torchscript-operator', name, entry: this.entry, offset: index, detail });
  }

  addOperator(base: string, namespace: string, parts: readonly string[], index: number): void {
    const prefix = base === 'torch' ? 'torch' : `torch.ops.${namespace}`;
    const reaching = parts.find((part) => reachesFiles(part));
    if (reaching !== undefined) this.add(`${prefix}.${reaching}`, index);
    else if (!knownNamespaces.has(namespace)) this.add(`${prefix}.${parts[0]}`, index);
  }

  /** Classes of native libraries: `__torch__.torch.classes.NAMESPACE.NAME`. */
  addClass([torch, classes, namespace, name]: readonly string[], index: number): void {
    if (torch !== 'torch' || classes !== 'classes' || knownNamespaces.has(namespace)) return;
    this.add(`torch.classes.${namespace}.${name}`, index);
  }
}

/** All names of `code`, and every word behind a dot or in a string (`getattr(t, "save")`). */
function readNames(code: string): { names: DottedName[]; members: { name: string; index: number }[] } {
  const names: { parts: string[]; index: number; next: string }[] = [];
  const members: { name: string; index: number }[] = [];
  /** What the last tokens were: a name that may go on, or its dot. */
  let open: (typeof names)[number] | undefined;
  let isAfterDot = false;
  for (const { 0: text, index } of code.matchAll(token)) {
    if (text.startsWith('#') || /^\\\r?\n$/.test(text)) continue;
    const isName = /^[A-Za-z_]/.test(text);
    if (/^["']/.test(text)) members.push({ name: text.replace(/^["']+|["']+$/g, ''), index });
    if (isName && isAfterDot) {
      open?.parts.push(text);
      members.push({ name: text, index });
    } else if (text !== '.') {
      if (open !== undefined) open.next = text;
      open = undefined;
      if (isName) names.push((open = { parts: [text], index, next: '' }));
    }
    isAfterDot = text === '.';
  }
  return { names, members };
}
