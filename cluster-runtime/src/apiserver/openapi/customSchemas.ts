/** The schemas of custom resources, from their CustomResourceDefinitions. */
import type { Schema } from './openApiData.ts';
import type { OpenApiVersion } from './schemas.ts';
import { refPrefix } from './schemas.ts';

export interface CustomKind {
  group: string;
  version: string;
  kind: string;
  listKind: string;
  /** As the definition has it; absent where it has none. */
  schema: Schema | undefined;
}

const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** `stable.example.com/v1 CronTab` → `com.example.stable.v1.CronTab`. */
export const customSchemaName = ({ group, version, kind }: { group: string; version: string; kind: string }): string =>
  `${group.split('.').reverse().join('.')}.${version}.${kind}`;

/** Words of a schema that OpenAPI v2 does not know. */
const onlyV3 = new Set(['anyOf', 'oneOf', 'allOf', 'not', 'nullable']);

const texts = {
  apiVersion: 'The version of the schema that this object is written in, as group/version.',
  kind: 'The kind of this object. It cannot be changed.',
  metadata: "Standard object's metadata.",
};

/** The schema of the kind and of its list, by name. */
export function customSchemas(custom: CustomKind, version: OpenApiVersion): Record<string, Schema> {
  const { group, version: apiVersion, kind, listKind } = custom;
  const name = customSchemaName(custom);
  const prefix = refPrefix(version);
  const ref = (target: string, description: string): Schema =>
    version === 3 ? { description, allOf: [{ $ref: prefix + target }] } : { description, $ref: prefix + target };
  const marks = (of: string): Schema => ({ 'x-kubernetes-group-version-kind': [{ group, kind: of, version: apiVersion }] });
  const typeMeta: Record<string, Schema> = {
    apiVersion: { description: texts.apiVersion, type: 'string' },
    kind: { description: texts.kind, type: 'string' },
  };
  const own = version === 3 ? custom.schema : withoutV3(custom.schema);
  return {
    [name]: {
      ...(own ?? { 'x-kubernetes-preserve-unknown-fields': true }),
      type: 'object',
      properties: { ...own?.properties, ...typeMeta, metadata: ref(`${metaV1}.ObjectMeta`, texts.metadata) },
      ...marks(kind),
    },
    [customSchemaName({ group, version: apiVersion, kind: listKind })]: {
      description: `${listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        ...typeMeta,
        items: { description: `The objects of kind ${kind}.`, type: 'array', items: { $ref: prefix + name } },
        metadata: ref(`${metaV1}.ListMeta`, 'Standard list metadata.'),
      },
      ...marks(listKind),
    },
  };
}

/** A field may be called like a keyword: only schemas lose theirs. */
function withoutV3(schema: Schema | undefined): Schema | undefined {
  if (!schema) return undefined;
  const out: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (onlyV3.has(key)) continue;
    if (key === 'properties') {
      out.properties = Object.fromEntries(
        Object.entries(value as Record<string, Schema>).map(([name, inner]) => [name, withoutV3(inner) ?? {}]),
      );
    } else if ((key === 'items' || key === 'additionalProperties') && typeof value === 'object')
      out[key] = withoutV3(value as Schema) ?? {};
    else out[key] = value;
  }
  return out;
}
