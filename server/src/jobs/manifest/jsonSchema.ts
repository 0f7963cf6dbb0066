import type { NumberShape, Shape, TextShape } from './shape';

/** A shape as JSON schema (draft 07), for editors. Which settings a method has is not in it. */
export function jsonSchema(shape: Shape): Readonly<Record<string, unknown>> {
  const { description, examples } = shape;
  if (examples === undefined) return { ...form(shape), description };
  // Editors offer examples for completion, and those of paths are of files that are not there.
  if (shape.kind === 'text' && shape.path) {
    return { ...form(shape), description: `${description} For example ${examples.map(String).join(', ')}.` };
  }
  return { ...form(shape), description, examples };
}

function form(shape: Shape): Readonly<Record<string, unknown>> {
  switch (shape.kind) {
    case 'object':
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(shape.properties).map(([name, part]) => [name, jsonSchema(part)]),
        ),
        ...(shape.required.length > 0 ? { required: shape.required } : {}),
        additionalProperties: false,
      };
    case 'list':
      return { type: 'array', items: jsonSchema(shape.items) };
    case 'text':
      return { type: 'string', ...choicesOf(shape), ...(shape.path && { minLength: 1 }) };
    case 'number':
      return { type: shape.whole ? 'integer' : 'number', ...limitsOf(shape) };
    case 'flag':
      return { type: 'boolean' };
    case 'options':
      return { type: 'object' };
    case 'names':
      return { type: 'object', additionalProperties: { type: 'string', minLength: 1 } };
  }
}

function choicesOf({ choices, default: usual }: TextShape): Readonly<Record<string, unknown>> {
  if (choices === undefined) return {};
  const described = choices.every(({ description }) => description !== undefined);
  return {
    enum: choices.map(({ value }) => value),
    ...(described ? { enumDescriptions: choices.map(({ description }) => description) } : {}),
    ...(usual === undefined ? {} : { default: usual }),
  };
}

function limitsOf({ least, above, most, default: usual }: NumberShape): Readonly<Record<string, unknown>> {
  return {
    ...(least === undefined ? {} : { minimum: least }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(most === undefined ? {} : { maximum: most }),
    ...(usual === undefined ? {} : { default: usual }),
  };
}
