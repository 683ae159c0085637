/**
 * A version of a custom resource as a kind like any other: everything that serves, prints or checks its objects works from
 * this value and the structure that comes with it.
 */
import type { FieldError } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { findJsonPath, parseJsonPath } from '#common/api/jsonPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { StructType } from '#common/api/schemaType.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
  SelectableField,
} from '#common/schema/generated/types.ts';
import { defineKind, type KindDefinition, type KindInit } from '../defineKind.ts';
import { customScale, validateSpecScale, validateStatusScale } from './customScale.ts';
import { hasEmbedded, validateEmbedded } from './embeddedResources.ts';
import { validateLists } from './listInvariants.ts';
import { printerColumns } from './printerColumns.ts';
import { withDefaults } from './schemaDefaults.ts';
import { structOfKind } from './structOfSchema.ts';
import { type Place, placeOf, root } from './place.ts';
import { validateRules } from './validateRules.ts';
import { validateValue } from './validateValue.ts';

type CustomObject = KubeObject & { status?: unknown };

export interface CustomKind {
  readonly kind: KindDefinition;
  readonly type: StructType;
  /** As its CustomResourceDefinition has it. */
  readonly schema: JSONSchemaProps;
}

/** A definition without a schema lets everything pass. */
const anySchema: JSONSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function customKind({ spec, status }: CustomResourceDefinition, version: CustomResourceDefinitionVersion): CustomKind {
  const schema = version.schema?.openAPIV3Schema ?? anySchema;
  const { status: hasStatus, scale } = version.subresources ?? {};
  // Only accepted names are served; those that another definition has taken stay out.
  const names = status?.acceptedNames?.plural ? status.acceptedNames : spec.names;
  const gvk = { group: spec.group, version: version.name, kind: spec.names.kind };
  const kind = defineKind<CustomObject>({
    ...gvk,
    plural: names.plural,
    singular: names.singular ?? spec.names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    subresources: { ...(hasStatus ? { status: true } : {}), ...(scale ? { scale: customScale(scale) } : {}) },
    unconditionalUpdate: false,
    qualifiedFinalizers: false,
    applyDefaults: (object) => applyDefaults(schema, object),
    ...(hasStatus ? separateStatus : { specChanged: contentChanged }),
    ...rulesOf(schema, scale),
    ...selectable(version.selectableFields),
    warnings: finalizerWarnings,
    columns: printerColumns(version.additionalPrinterColumns),
  });
  return { kind: kind as unknown as KindDefinition, type: structOfKind(gvk, schema), schema };
}

function applyDefaults(schema: JSONSchemaProps, object: CustomObject): void {
  const filled = withDefaults(schema, object) as Record<string, unknown>;
  if (filled === (object as unknown)) return;
  const target = object as unknown as Record<string, unknown>;
  for (const field of Object.keys(target)) if (!Object.hasOwn(filled, field)) delete target[field];
  for (const [field, value] of Object.entries(filled)) if (field !== 'metadata') target[field] = value;
}

/** Without the status subresource, the status is content like any other. */
const contentChanged = (object: CustomObject, old: CustomObject): boolean =>
  !deepEqual({ ...object, metadata: null, apiVersion: null }, { ...old, metadata: null, apiVersion: null });

/** With the status subresource, the object's own address ignores the status, and `/status` everything else. */
const separateStatus: Partial<KindInit<CustomObject>> = {
  prepareForCreate(object) {
    delete object.status;
  },
  prepareForUpdate(object, old) {
    if (old.status === undefined) delete object.status;
    else object.status = old.status;
  },
  prepareForStatusUpdate(object, old) {
    const target = object as unknown as Record<string, unknown>;
    for (const field of Object.keys(target)) {
      if (field !== 'metadata' && field !== 'status' && !Object.hasOwn(old, field)) delete target[field];
    }
    for (const [field, value] of Object.entries(old)) if (field !== 'metadata' && field !== 'status') target[field] = value;
    const { managedFields, resourceVersion } = object.metadata;
    const { managedFields: _, ...metadata } = old.metadata;
    object.metadata = {
      ...metadata,
      ...(managedFields ? { managedFields } : {}),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
  },
};

type Scale = NonNullable<CustomResourceDefinitionVersion['subresources']>['scale'];

function rulesOf(schema: JSONSchemaProps, scale: Scale): Partial<KindInit<CustomObject>> {
  const statusSchema = schema.properties?.['status'] ?? {};
  const embedded = hasEmbedded(schema);
  const checked = (part: JSONSchemaProps, value: unknown, old: unknown, place: Place): FieldError[] => {
    const found = validateValue(part, value, old, place);
    return [...found, ...validateRules(part, value, old, place.base, found)];
  };
  const whole = (object: CustomObject, old: CustomObject | undefined): FieldError[] => [
    ...checked(schema, object, old, root),
    ...(scale ? [...validateSpecScale(object, scale), ...validateStatusScale(object, scale)] : []),
    ...(embedded ? validateEmbedded(schema, withoutMetadata(object), root) : []),
    ...(old && validateLists(schema, old, root).length > 0 ? [] : validateLists(schema, object, root)),
  ];
  return {
    ratchets: true,
    validate: (object) => whole(object, undefined),
    validateUpdate: whole,
    validateStatusUpdate: (object, old) => [
      ...(object.status === undefined ? [] : checked(statusSchema, object.status, old.status, placeOf(FieldPath.of('status')))),
      ...(scale ? validateStatusScale(object, scale) : []),
      ...(embedded ? validateEmbedded(schema, withoutMetadata(object), root) : []),
      ...(validateLists(schema, old, root).length > 0 ? [] : validateLists(schema, object, root)),
    ],
  };
}

/** The object's own metadata has been looked at already. */
const withoutMetadata = (object: CustomObject): unknown => {
  const { metadata: _, ...rest } = object;
  return rest;
};

function selectable(fields: readonly SelectableField[] | undefined): Partial<KindInit<CustomObject>> {
  if (!fields?.length) return {};
  const paths = fields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), parseJsonPath(jsonPath) ?? []] as const);
  return {
    selectableFieldNames: paths.map(([name]) => name),
    selectableFields: (object) =>
      Object.fromEntries(
        paths.map(([name, path]) => {
          const [value] = findJsonPath(path, object);
          return [name, value === undefined || value === null || isJsonObject(value) ? '' : String(value as string | number)];
        }),
      ),
  };
}

function finalizerWarnings({ metadata }: CustomObject, old: CustomObject | undefined): string[] {
  return (metadata.finalizers ?? [])
    .filter((name) => !name.includes('/') && !standardFinalizers.has(name) && !old?.metadata.finalizers?.includes(name))
    .map(
      (name) =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);
