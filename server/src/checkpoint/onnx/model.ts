/** ModelProto: the tensors and operators of a model and of all graphs inside it. */

import type { ByteSource } from '../byteSource';
import { limits } from '../limits';
import { attributeField, functionField, graphField, modelField, nodeField, opsetField, sparseField } from './schema';
import type { ExternalData, OnnxTensor } from './tensor';
import { readEntry, readTensor, textOf, wholeNumber } from './tensor';
import type { Field, FieldBudget } from './wire';
import { fieldsOf, wire, WireFault } from './wire';

/** Fields of a file, of all its messages together. A model of a thousand layers has some ten thousand. */
const mostFields = 5_000_000;
/** Graphs inside nodes of graphs. */
const deepest = 16;

/** An operator that the model runs: of the standard, or of whoever registers its domain. */
export interface Operator {
  /** Empty for the standard's. */
  readonly domain: string;
  readonly name: string;
  /** Where the first node of it starts. */
  readonly offset: number;
}

export interface OnnxModel {
  /** Initializers and constants, in the order of the file. */
  readonly tensors: readonly OnnxTensor[];
  readonly sparse: readonly string[];
  /** Where numbers lie in other files, of all tensors: those in attributes of operators too. */
  readonly externals: readonly ExternalData[];
  /** Each operator once. */
  readonly operators: readonly Operator[];
  /** Who made the model, its versions, and what its maker wrote down. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly hasGraph: boolean;
}

/** Reads all of the model but its numbers. Throws WireFault where it is damaged. */
export function readModel(source: ByteSource): OnnxModel {
  return new ModelReader(source).read();
}

/** Top-level fields that may come before the graph, with their wire types. */
const headTypes: ReadonlyMap<number, number> = new Map([
  [modelField.irVersion, wire.varint],
  [modelField.producerName, wire.bytes],
  [modelField.producerVersion, wire.bytes],
  [modelField.domain, wire.bytes],
  [modelField.modelVersion, wire.varint],
  [modelField.docString, wire.bytes],
  [modelField.graph, wire.bytes],
  [modelField.opsetImport, wire.bytes],
  [modelField.metadata, wire.bytes],
  [modelField.functions, wire.bytes],
]);
const newestIrVersion = 99;

/** Whether `source` starts as a model does: its IR version, then only fields of a model, up to the graph. */
export function looksLikeOnnx(source: ByteSource): boolean {
  const [tag, irVersion] = source.subarray(0, 2);
  if (tag !== modelField.irVersion * 8 || !(irVersion >= 1 && irVersion <= newestIrVersion)) return false;
  try {
    // To the end of time, as the file may be cut off within the graph.
    for (const field of fieldsOf(source, 0, Infinity, { left: 100 })) {
      if (headTypes.get(field.number) !== field.type) return false;
      if (field.number === modelField.graph) return field.end > field.from;
      if (field.end >= source.length) return false;
    }
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
  }
  return false;
}

class ModelReader {
  private readonly budget: FieldBudget = { left: mostFields };
  private readonly tensors: OnnxTensor[] = [];
  private readonly sparse: string[] = [];
  private readonly externals: ExternalData[] = [];
  private readonly operators = new Map<string, Operator>();
  private readonly metadata = new Map<string, string>();
  private hasGraph = false;

  constructor(private readonly source: ByteSource) {}

  read(): OnnxModel {
    for (const field of this.fields({ from: 0, end: this.source.length })) this.modelField(field);
    const { tensors, sparse, externals, metadata, hasGraph } = this;
    return { tensors, sparse, externals, operators: [...this.operators.values()], metadata, hasGraph };
  }

  private modelField(field: Field): void {
    switch (field.number) {
      case modelField.irVersion:
        this.metadata.set('ir_version', String(wholeNumber(this.source, field)));
        return;
      case modelField.producerName:
        this.keepText('producer_name', field);
        return;
      case modelField.producerVersion:
        this.keepText('producer_version', field);
        return;
      case modelField.opsetImport:
        return this.opset(field);
      case modelField.metadata: {
        const { key, value } = readEntry(this.source, field, this.budget);
        this.metadata.set(key, value);
        return;
      }
      case modelField.graph:
        this.hasGraph = true;
        return this.graph(field, 0);
      case modelField.functions:
        for (const inner of this.fields(field)) {
          if (inner.number === functionField.node) this.node(inner, 0);
          if (inner.number === functionField.attributeDefault) this.attribute(inner, 0, undefined);
        }
    }
  }

  private keepText(key: string, field: Field): void {
    const text = textOf(this.source, field);
    if (text !== '') this.metadata.set(key, text);
  }

  private opset(field: Field): void {
    let domain = '';
    let version = 0;
    for (const inner of this.fields(field)) {
      if (inner.number === opsetField.domain) domain = textOf(this.source, inner);
      if (inner.number === opsetField.version) version = wholeNumber(this.source, inner);
    }
    this.metadata.set(`opset ${domain === '' ? 'ai.onnx' : domain}`, String(version));
  }

  private graph(graph: Field, depth: number): void {
    if (depth > deepest) throw new WireFault('its graphs are nested deeper than is read', graph.start);
    for (const field of this.fields(graph)) {
      if (field.number === graphField.node) this.node(field, depth);
      if (field.number === graphField.initializer) this.keepTensor(this.tensor(field));
      if (field.number === graphField.sparseInitializer) this.sparse.push(this.sparseTensor(field));
    }
  }

  private node(node: Field, depth: number): void {
    let operator = '';
    let domain = '';
    let output: string | undefined;
    const attributes: Field[] = [];
    for (const field of this.fields(node)) {
      if (field.number === nodeField.operator) operator = textOf(this.source, field);
      if (field.number === nodeField.domain) domain = textOf(this.source, field);
      if (field.number === nodeField.output) output ??= textOf(this.source, field);
      if (field.number === nodeField.attribute) attributes.push(field);
    }
    const key = JSON.stringify([domain, operator]);
    if (!this.operators.has(key)) this.operators.set(key, { domain, name: operator, offset: node.start });
    const isConstant = operator === 'Constant' && domain === '';
    for (const attribute of attributes) this.attribute(attribute, depth, isConstant ? output : undefined);
  }

  /** @param constant what the attribute's tensor is called where the node does nothing but give it */
  private attribute(attribute: Field, depth: number, constant: string | undefined): void {
    let name = '';
    let tensor: Field | undefined;
    for (const field of this.fields(attribute)) {
      if (field.number === attributeField.name) name = textOf(this.source, field);
      if (field.number === attributeField.tensor) tensor = field;
      if (field.number === attributeField.tensors) this.tensor(field);
      if (field.number === attributeField.sparse || field.number === attributeField.sparses) this.sparseTensor(field);
      if (field.number === attributeField.graph || field.number === attributeField.graphs) this.graph(field, depth + 1);
    }
    if (tensor === undefined) return;
    const read = this.tensor(tensor);
    if (constant !== undefined && name === 'value') this.keepTensor({ ...read, name: constant });
  }

  /** Its name, which is that of its values. */
  private sparseTensor(field: Field): string {
    let name = '';
    for (const inner of this.fields(field)) {
      if (inner.number === sparseField.values) name = this.tensor(inner).name;
      // They may lie in another file as well.
      if (inner.number === sparseField.indices) this.tensor(inner);
    }
    return name;
  }

  private keepTensor(tensor: OnnxTensor): void {
    if (this.tensors.length >= limits.zipEntries) throw new WireFault('it has more tensors than are read', 0);
    this.tensors.push(tensor);
  }

  private tensor(field: Field): OnnxTensor {
    if (field.type !== wire.bytes) throw new WireFault('a message is written as a number', field.start);
    const tensor = readTensor(this.source, field.from, field.end, this.budget);
    if (tensor.external !== undefined) this.externals.push(tensor.external);
    return tensor;
  }

  private fields(message: Pick<Field, 'from' | 'end'> & { type?: number }): Generator<Field, void> {
    if (message.type !== undefined && message.type !== wire.bytes) {
      throw new WireFault('a message is written as a number', message.from);
    }
    return fieldsOf(this.source, message.from, message.end, this.budget);
  }
}
