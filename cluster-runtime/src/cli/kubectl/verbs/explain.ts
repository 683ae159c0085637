/** `kubectl explain`: what the fields of a kind mean, from the server's OpenAPI. */
import { bool, text } from '../flags.ts';
import { plainError, usageError } from '../kubectlError.ts';
import type { Verb } from './verb.ts';

interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}
type Schemas = Readonly<Record<string, Schema>>;

export const explain: Verb = {
  summary: 'Get documentation for a resource.',
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]',
  flags: { recursive: bool, 'api-version': text, output: { ...text, short: 'o' } },
  async run(session) {
    const [given] = session.args;
    if (given === undefined)
      throw usageError(
        'kubectl explain',
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const [type = '', ...fields] = given.split('.');
    const resources = await session.resources();
    const found = await resources.find(type);
    const wanted = session.flags.text('api-version') ?? found.apiVersion;
    const resource =
      (await resources.all()).find(({ apiVersion, kind }) => apiVersion === wanted && kind === found.kind) ?? found;
    const { group, version, kind, apiVersion } = resource;
    const document = await (
      await session.api()
    ).get<{ components?: { schemas?: Schemas } }>(`/openapi/v3/${group ? `apis/${apiVersion}` : `api/${version}`}`);
    const schemas = document.components?.schemas ?? {};
    let schema = Object.values(schemas).find((each) =>
      each['x-kubernetes-group-version-kind']?.some((gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind),
    );
    if (!schema) throw plainError(`couldn't find resource for "${group}/${version}, Kind=${kind}"`);
    const heading = [...(group ? [`GROUP:      ${group}`] : []), `KIND:       ${kind}`, `VERSION:    ${version}`, ''];
    let own: Schema = schema;
    for (const field of fields) {
      const next: Schema | undefined = fieldsOf(schemas, schema)?.[field];
      if (!next) {
        session.io.out(`${heading.join('\n')}\n`);
        throw plainError(`field "${field}" does not exist`);
      }
      own = next;
      schema = inner(schemas, next);
    }
    const lines: string[] = [...heading];
    const last = fields.at(-1);
    if (last !== undefined) lines.push(`FIELD: ${last} <${typeName(schemas, own)}>`, '', '');
    lines.push('DESCRIPTION:');
    const descriptions = [...new Set([own.description, last === undefined ? undefined : schema.description])].filter(
      (each) => each,
    );
    for (const description of descriptions.length ? descriptions : ['<empty>'])
      lines.push(...wrapped(description ?? '', 76).map((line) => `    ${line}`));
    lines.push('    ');
    if (fieldsOf(schemas, schema)) {
      lines.push('FIELDS:');
      writeFields(lines, schemas, schema, '  ', session.flags.bool('recursive'), new Set());
    }
    session.io.out(`${lines.join('\n')}\n\n`);
  },
};

function resolved(schemas: Schemas, schema: Schema): Schema {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return ref ? (schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {}) : schema;
}

/** What a list holds, or a map, or the structure itself. */
function inner(schemas: Schemas, schema: Schema): Schema {
  const itself = resolved(schemas, schema);
  if (itself.items) return inner(schemas, itself.items);
  return typeof itself.additionalProperties === 'object' ? inner(schemas, itself.additionalProperties) : itself;
}

const fieldsOf = (schemas: Schemas, schema: Schema): Schema['properties'] => inner(schemas, schema).properties;

function typeName(schemas: Schemas, schema: Schema): string {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const itself = resolved(schemas, schema);
  if (itself.items) return `[]${typeName(schemas, itself.items)}`;
  if (typeof itself.additionalProperties === 'object') return `map[string]${typeName(schemas, itself.additionalProperties)}`;
  if (ref && (itself.properties ?? itself.oneOf ?? itself.type === 'object')) return ref.slice(ref.lastIndexOf('.') + 1);
  if (ref && itself.oneOf) return ref.slice(ref.lastIndexOf('.') + 1);
  return itself.type === 'object' || itself.type === undefined ? 'Object' : itself.type;
}

/** Of an enumeration. */
const mostValues = 4;

function writeFields(
  lines: string[],
  schemas: Schemas,
  schema: Schema,
  indent: string,
  recursive: boolean,
  above: ReadonlySet<Schema>,
): void {
  const { required = [] } = inner(schemas, schema);
  for (const [name, field] of Object.entries(fieldsOf(schemas, schema) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`${indent}${name}\t<${typeName(schemas, field)}>${required.includes(name) ? ' -required-' : ''}`);
    if (field.enum?.length)
      lines.push(`${indent}enum: ${field.enum.slice(0, mostValues).join(', ')}${field.enum.length > mostValues ? ', ....' : ''}`);
    const below = inner(schemas, field);
    if (!recursive)
      lines.push(
        ...wrapped(field.description || resolved(schemas, field).description || '<no description>', 78 - indent.length).map(
          (line) => `${indent}  ${line}`,
        ),
        '',
      );
    else if (below.properties && !above.has(below))
      writeFields(lines, schemas, below, `${indent}  `, true, new Set([...above, below]));
  }
}

function wrapped(description: string, width: number): string[] {
  return description.split('\n').flatMap((paragraph) => {
    const lines: string[] = [''];
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const line = lines.at(-1) ?? '';
      if (line && line.length + word.length + 1 > width) lines.push(word);
      else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    return lines;
  });
}
