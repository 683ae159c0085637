/** What the API server does with an object of a kind, without the server: decode, default, prepare, validate. For tests. */
import { fieldErrorText } from '#common/api/fieldError.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { deepFreeze } from '#common/base/freeze.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import { decodeObject } from '#common/schema/decode.ts';
import type { KindDefinition } from '../defineKind.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../validation/objectMeta.ts';
import { subdomainName } from '../validation/objectNames.ts';

export interface Outcome<T> {
  object: T;
  /** The problems as the message lists them. */
  problems: string[];
}

const now = Date.parse('2026-01-01T00:00:00Z');

function decoded<T extends KubeObject>(kind: KindDefinition<T>, body: unknown): T {
  const type = typeOfKind(kind) ?? unexpected(`${kind.kind} has no structure`);
  const { object } = decodeObject(type, kind, structuredClone(body), { fieldValidation: 'Strict' });
  if (kind.namespaced) object.metadata.namespace ??= 'ns';
  return object as T;
}

/** A POST of `body`, whose name is `x` unless said. */
export function created<T extends KubeObject>(kind: KindDefinition<T>, body: object): Outcome<T> {
  const object = decoded(kind, { ...body, metadata: { name: 'x', ...(body as Partial<KubeObject>).metadata } });
  kind.applyDefaults?.(object);
  kind.prepareForCreate?.(object, now);
  const rules = { namespaced: kind.namespaced, validateName: kind.validateName ?? subdomainName };
  const errors = [
    ...validateObjectMeta(object.metadata, { ...rules, qualifiedFinalizers: kind.qualifiedFinalizers ?? true }),
    ...(kind.validate?.(object) ?? []),
    ...(kind.validateCreate?.(object) ?? []),
  ];
  return { object: deepFreeze(object), problems: errors.map(fieldErrorText) };
}

/** A PUT that changes the top-level fields in `change` of an object that was created from `body`. */
export function updated<T extends KubeObject>(kind: KindDefinition<T>, body: object, change: object): Outcome<T> {
  const old = created(kind, body).object;
  const object = decoded(kind, { ...old, ...change });
  kind.applyDefaults?.(object);
  kind.prepareForUpdate?.(object, old, now);
  const errors = [...validateObjectMetaUpdate(object.metadata, old.metadata), ...(kind.validateUpdate?.(object, old) ?? [])];
  return { object, problems: errors.map(fieldErrorText) };
}

/** The cells of the object's row, by column. */
export const cells = <T extends KubeObject>(kind: KindDefinition<T>, object: T): Record<string, unknown> =>
  Object.fromEntries(kind.columns.map((column) => [column.name, column.cell(object, now)]));
