/**
 * Whether JSON data fits a typed object, in the words of the API's map-to-struct conversion. Strategic merge patches and
 * server-side apply end in that conversion; plain JSON bodies are decoded with other words.
 */
import { goTypeText, jsonKindText } from './goText.ts';
import { isJsonObject } from './ownProperty.ts';
import { quantityProblem, quantityFormatProblem } from './quantity.ts';
import type { ScalarType, SchemaType } from './schemaType.ts';
import { timeProblem } from './time.ts';

/** The first problem, or undefined. Null fits everything, and unknown fields are no problem here. */
export function unstructuredProblem(type: SchemaType, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case 'struct':
      if (!isJsonObject(value)) return `cannot restore struct from: ${goKind(value)}`;
      return firstProblem(Object.keys(value), (key) => {
        const field = type.fields.get(key);
        return field && unstructuredProblem(field.type, value[key]);
      });
    case 'map':
      if (!isJsonObject(value)) return `cannot restore map from ${goKind(value)}`;
      return firstProblem(Object.values(value), (item) => unstructuredProblem(type.value, item));
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
      return firstProblem(value, (item) => unstructuredProblem(type.item, item));
    default:
      return scalarProblem(type, value);
  }
}

function firstProblem<T>(items: readonly T[], problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Go's reflect kind of a JSON value. */
function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  return isJsonObject(value) ? 'map' : goTypeText(value);
}

const notUnmarshalled = (value: unknown, into: string): string =>
  `json: cannot unmarshal ${jsonKindText(value)} into Go value of type ${into}`;

function scalarProblem(type: ScalarType, value: unknown): string | undefined {
  switch (type.kind) {
    case 'any':
    case 'fieldsV1':
    case 'bytes':
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'unrecognized type: bool';
    case 'int32':
    case 'int64':
      if (typeof value !== 'number') return `unrecognized type: ${type.kind}`;
      return Number.isInteger(value) ? undefined : `cannot convert float64 to ${type.kind}`;
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : `unrecognized type: ${type.kind === 'float' ? 'float32' : 'float64'}`;
    case 'quantity':
      if (typeof value !== 'string' && typeof value !== 'number') return quantityFormatProblem;
      return quantityProblem(String(value));
    case 'time':
    case 'microTime':
      return typeof value === 'string' ? timeProblem(value, type.kind) : notUnmarshalled(value, 'string');
    case 'duration':
      return typeof value === 'string' ? undefined : notUnmarshalled(value, 'string');
    case 'intOrString':
      if (typeof value === 'string' || Number.isInteger(value)) return undefined;
      return typeof value === 'number'
        ? `json: cannot unmarshal number ${value} into Go value of type int32`
        : notUnmarshalled(value, 'int32');
    case 'string':
      if (typeof value === 'string') return undefined;
      return Number.isInteger(value) ? 'cannot convert int64 to string' : 'unrecognized type: string';
  }
}
