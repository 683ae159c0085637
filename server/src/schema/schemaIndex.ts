/**
 * Which structure a place in a document follows, with its documentation. Structures come from the same tables that the API
 * server decodes with; texts are loaded when the first one is asked for.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { getOwn } from '#common/api/ownProperty.ts';
import type { Field, SchemaType, StructType } from '#common/api/schemaType.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { KindRegistry, type KnownKind } from './kindRegistry.ts';
import { descriptionOf } from './descriptions.ts';

export interface SchemaPlace {
  readonly kind: KnownKind;
  readonly type: SchemaType;
  /** The field whose value this is, when it is a struct's. */
  readonly field: Field | undefined;
  /** The struct that has the field. */
  readonly owner: StructType | undefined;
  /** The part of the CustomResourceDefinition's schema, for custom kinds. */
  readonly schema: JSONSchemaProps | undefined;
}

export class SchemaIndex {
  readonly kinds: KindRegistry;

  constructor(kinds: KindRegistry = new KindRegistry()) {
    this.kinds = kinds;
  }

  kindOf(document: Pick<ManifestDocument, 'gvk'>): KnownKind | undefined {
    return document.gvk && this.kinds.find(document.gvk);
  }

  /** What stands at a path; undefined where nothing is known of it. */
  at(document: Pick<ManifestDocument, 'gvk'>, path: readonly (string | number)[]): SchemaPlace | undefined {
    const kind = this.kindOf(document);
    return kind && placeIn(kind, path);
  }

  atKind(gvk: GroupVersionKind, path: readonly (string | number)[]): SchemaPlace | undefined {
    const kind = this.kinds.find(gvk);
    return kind && placeIn(kind, path);
  }

  /** The fields that may stand in the map at a path; none in maps with free keys. */
  fieldsAt(document: Pick<ManifestDocument, 'gvk'>, path: readonly (string | number)[]): readonly Field[] {
    const type = this.at(document, path)?.type;
    return type?.kind === 'struct' ? [...type.fields.values()] : [];
  }

  enumOf(place: SchemaPlace): readonly string[] {
    const { type, schema } = place;
    if ('enum' in type && type.enum) return type.enum;
    return (schema?.enum ?? []).filter((value): value is string => typeof value === 'string');
  }

  defaultOf(place: SchemaPlace): unknown {
    return place.field?.default ?? place.schema?.default;
  }

  /** The text of Kubernetes' or the definition's documentation. */
  async describe(place: SchemaPlace): Promise<string | undefined> {
    if (place.schema?.description) return place.schema.description;
    return descriptionOf(place.owner?.name, place.field?.name, place.type.kind === 'struct' ? place.type.name : undefined);
  }
}

function placeIn(kind: KnownKind, path: readonly (string | number)[]): SchemaPlace | undefined {
  let place: SchemaPlace | undefined = { kind, type: kind.type, field: undefined, owner: undefined, schema: kind.schema };
  for (const step of path) place = place && stepIn(place, step);
  return place;
}

function stepIn({ kind, type, schema }: SchemaPlace, step: string | number): SchemaPlace | undefined {
  const inner = schema && schemaStep(schema, step);
  switch (type.kind) {
    case 'struct': {
      const field = type.fields.get(String(step));
      return field && { kind, type: field.type, field, owner: type, schema: inner };
    }
    case 'list':
      return typeof step === 'number' ? { kind, type: type.item, field: undefined, owner: undefined, schema: inner } : undefined;
    case 'map':
      return { kind, type: type.value, field: undefined, owner: undefined, schema: inner };
    default:
      return undefined;
  }
}

function schemaStep(schema: JSONSchemaProps, step: string | number): JSONSchemaProps | undefined {
  if (typeof step === 'number') return Array.isArray(schema.items) ? undefined : (schema.items as JSONSchemaProps | undefined);
  const own = getOwn(schema.properties ?? {}, step) as JSONSchemaProps | undefined;
  if (own) return own;
  return typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as JSONSchemaProps) : undefined;
}
