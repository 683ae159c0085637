/**
 * What the API server would say to a new object: decoding, defaults, preparation and validation as a POST goes through them,
 * without a server. What admission or the state of a cluster would add is not known here.
 */
import { type FieldError, fieldErrorBody } from '#common/api/fieldError.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import { decodeObject } from '#common/schema/decode.ts';
import { validateObjectMeta } from '#common/kinds/validation/objectMeta.ts';
import { subdomainName } from '#common/kinds/validation/objectNames.ts';
import type { KnownKind } from './kindRegistry.ts';

/** A refusal without a place, or the problems of fields. */
export type ObjectProblems = { readonly refused: string } | { readonly errors: readonly FieldError[] };

/** Validation reads the time only to compare it with times in the object. */
const someTime = Date.UTC(2026, 0, 1);

export function objectProblems({ definition, type }: KnownKind, value: unknown): ObjectProblems {
  const decoded = (): KubeObject => decodeObject(type, definition, withoutAutomatic(value), { fieldValidation: 'Ignore' }).object;
  try {
    const errors = validated(definition, decoded(), 'default');
    if (errors.length === 0 || !definition.namespaced || !isJsonObject(value) || namespaceOf(value)) return { errors };
    // It may be sent to any namespace: what is wrong in only some of them is not wrong.
    for (const namespace of mentionedNamespaces(value)) {
      const others = validated(definition, decoded(), namespace);
      if (others.length < errors.length) return { errors: others };
    }
    return { errors };
  } catch (error) {
    if (error instanceof ApiError) return { refused: error.message };
    throw error;
  }
}

/** What a server fills in, and takes nothing of from a client. */
function withoutAutomatic(value: unknown): unknown {
  if (!isJsonObject(value) || !isJsonObject(value['metadata'])) return value;
  const { managedFields: _, ...metadata } = value['metadata'] as JsonObject;
  return { ...value, metadata };
}

const namespaceOf = (value: JsonObject): unknown =>
  isJsonObject(value['metadata']) ? value['metadata']['namespace'] : undefined;

/** The namespaces of objects that it refers to in fields of its own. */
const mentionedNamespaces = (value: JsonObject): string[] =>
  Object.values(value).flatMap((field) => {
    const namespace = isJsonObject(field) ? field['namespace'] : undefined;
    return typeof namespace === 'string' ? [namespace] : [];
  });

function validated(definition: KnownKind['definition'], served: KubeObject, namespace: string): FieldError[] {
  served.metadata ??= {};
  if (definition.namespaced) served.metadata.namespace ??= namespace;
  definition.applyDefaults?.(served);
  const { storedAs } = definition;
  const kind = storedAs?.kind ?? definition;
  const stored = storedAs ? storedAs.toStored(served) : served;
  const { metadata } = stored;
  // A generated name is made of its prefix; any ending will do.
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName.slice(0, 58)}aaaaa`;
  if (!metadata.name && kind.namedByUid) metadata.name = '00000000-0000-0000-0000-000000000000';
  metadata.uid ??= '00000000-0000-0000-0000-000000000000';
  kind.prepareForCreate?.(stored, someTime);
  return [
    ...validateObjectMeta(metadata, {
      namespaced: kind.namespaced,
      validateName: kind.validateName ?? subdomainName,
      qualifiedFinalizers: kind.qualifiedFinalizers ?? true,
    }),
    ...(kind.validate?.(stored) ?? []),
    ...(definition.validateCreate?.(served) ?? []),
  ];
}

/** `spec.replicas: Invalid value: -1: must be …`. */
export const problemText = (error: FieldError): string => `${error.path.toString()}: ${fieldErrorBody(error)}`;
