/** Whether an applied configuration fits its type, in the words with which server-side apply refuses it. */
import type { Field, ListType, ScalarType, SchemaType } from '../schemaType.ts';
import { goTypeText, goValueText } from '../goText.ts';
import { getOwn, isJsonObject, type JsonObject } from '../ownProperty.ts';
import { elementOfItem, elementText } from './pathElement.ts';

/** All problems of `value` as `.path: what`, joined as the API joins them; undefined when there are none. */
export function typedProblem(type: SchemaType, value: unknown): string | undefined {
  const problems: string[] = [];
  check(type, value, '', problems);
  if (problems.length === 0) return undefined;
  return problems.length === 1 ? problems[0] : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}

function check(type: SchemaType | undefined, value: unknown, path: string, problems: string[]): void {
  if (value === null || value === undefined || !type) return;
  switch (type.kind) {
    case 'struct':
    case 'map':
      if (type.kind === 'struct' && type.untyped && !isJsonObject(value)) return;
      if (!isJsonObject(value)) problems.push(`${path}: expected map, got &{${goValueText(value)}}`);
      else checkFields(type, value, path, problems);
      return;
    case 'list':
      if (!Array.isArray(value)) problems.push(`${path}: expected list, got &{${goValueText(value)}}`);
      else checkItems(type, value, path, problems);
      return;
    default:
      checkScalar(type, value, path, problems);
  }
}

function checkFields(type: SchemaType, object: JsonObject, path: string, problems: string[]): void {
  for (const key of Object.keys(object)) {
    const below = `${path}.${key}`;
    if (type.kind === 'map') check(type.value, object[key], below, problems);
    else if (type.kind === 'struct') {
      const field: Field | undefined = type.fields.get(key);
      if (field) check(field.type, object[key], below, problems);
      else if (!type.preserveUnknown) problems.push(`${below}: field not declared in schema`);
    }
  }
}

function checkItems(type: ListType, list: unknown[], path: string, problems: string[]): void {
  const seen = new Set<string>();
  list.forEach((item, i) => {
    const at = `${path}: element ${i}: associative list with keys`;
    if (type.listType === 'atomic') return check(type.item, item, `${path}[${i}]`, problems);
    if (type.listType === 'map') {
      if (item === null) return void problems.push(`${at} may not have a null element`);
      if (!isJsonObject(item)) return void problems.push(`${at} may not have non-map elements`);
      if (lacksKeys(type, item)) {
        const keys = type.mapKeys.map((key) => JSON.stringify(key)).join(' ');
        return void problems.push(
          `${at} has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`,
        );
      }
    } else if (item === null)
      return void problems.push(`${path}: element ${i}: associative list without keys has an element that's an explicit null`);
    const element = elementOfItem(type, item);
    const text = elementText(element);
    if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${text}`);
    seen.add(element);
    check(type.item, item, path + text, problems);
  });
}

/** Whether an element has none of its list's keys, and nothing fills one in. */
function lacksKeys(type: ListType, item: JsonObject): boolean {
  const struct = type.item.kind === 'struct' ? type.item : undefined;
  return type.mapKeys.every((key) => {
    const given = getOwn(item, key);
    if (given !== undefined && given !== null) return false;
    const field = struct?.fields.get(key);
    return !field || (field.default === undefined && (field.pointer || field.goType === ''));
  });
}

function checkScalar(type: ScalarType, value: unknown, path: string, problems: string[]): void {
  switch (type.kind) {
    case 'any':
    case 'fieldsV1':
    case 'intOrString':
      return;
    case 'boolean':
      if (typeof value !== 'boolean') problems.push(`${path}: expected boolean, got &{${goValueText(value)}}`);
      return;
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
      if (typeof value !== 'number') problems.push(`${path}: expected numeric (int or float), got ${goTypeText(value)}`);
      return;
    case 'quantity':
    case 'time':
    case 'microTime':
    case 'duration':
      if (typeof value === 'object') problems.push(`${path}: expected any scalar, got &{${goValueText(value)}}`);
      return;
    default:
      if (typeof value !== 'string') {
        problems.push(`${path}: expected string, got &value.valueUnstructured{Value:${goSyntaxText(value)}}`);
      }
  }
}

/** A value in Go's own syntax, as `%#v` prints it. */
function goSyntaxText(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntaxText).join(', ')}}`;
  if (isJsonObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${goSyntaxText(value[key])}`);
    return `map[string]interface {}{${entries.join(', ')}}`;
  }
  return JSON.stringify(value);
}
