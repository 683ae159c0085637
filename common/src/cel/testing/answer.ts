/** What an expression comes to, in one line: its value as an expression would write it, or what is wrong with it. */
import { compileCel } from '../cel.ts';
import { CelBudget } from '../frame.ts';
import { valueOfJson } from '../jsonValues.ts';
import { allFunctions } from '../library/allFunctions.ts';
import { timestampText } from '../library/conversions.ts';
import { nanosText } from '../durations.ts';
import { type CelType, dyn, parseType, string } from '../types.ts';
import {
  CelDuration,
  CelError,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  fieldsOf,
  isList,
  typeName,
} from '../values.ts';

const request: CelType = {
  kind: 'object',
  name: 'kubernetes.AdmissionRequest',
  fields: new Map([
    ['name', string],
    ['operation', string],
  ]),
};
const declared: Readonly<Record<string, readonly [CelType, unknown]>> = {
  object: [dyn, { a: 1, b: 'x', l: [1, 'two', 3.5, true, null], m: { k: 'v' }, 'bad-name': 2 }],
  oldObject: [dyn, null],
  request: [request, { name: 'n', operation: 'CREATE' }],
  s: [string, 'text'],
  i: [parseType('int'), 3],
  d: [parseType('double'), 1.5],
  ls: [parseType('list(string)'), ['b', 'a']],
  m: [parseType('map(string, string)'), { k: 'v' }],
  mi: [parseType('map(string, int)'), { k: 1 }],
};
const environment = {
  functions: allFunctions,
  variables: new Map(Object.entries(declared).map(([name, [type]]) => [name, type])),
};

function variable(name: string): CelValue | undefined {
  const [type, json] = declared[name] ?? [];
  return type && valueOfJson(json, type);
}

export function answer(expression: string): string {
  const compiled = compileCel(expression, environment);
  if ('problem' in compiled) {
    if (compiled.isInternal) return `impossible: ${compiled.problem}`;
    // Without the line of the expression and the mark below the place.
    const problems = compiled.problem.split('\n').filter((line) => line.startsWith('ERROR: <input>:'));
    return problems.map((line) => line.replace('ERROR: <input>:', '')).join('; ');
  }
  try {
    return written(compiled.run(variable, new CelBudget(1e6)));
  } catch (error) {
    if (error instanceof CelError) return `error: ${error.message}`;
    throw error;
  }
}

function written(value: CelValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return `bytes(${[...value].join(' ')})`;
  if (isList(value)) return `[${value.map(written).join(', ')}]`;
  if (value instanceof CelUint) return `${value.value}u`;
  if (value instanceof CelDuration) return nanosText(value.nanos);
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof CelTypeValue) return value.name;
  if (value instanceof CelOptional) return value.value === undefined ? 'none' : `optional(${written(value.value)})`;
  const fields = fieldsOf(value);
  if (!fields) return `${typeName(value)}(${String(value)})`;
  return `{${Array.from(fields.entries(), ([key, inner]) => `${written(key)}: ${written(inner)}`).join(', ')}}`;
}
