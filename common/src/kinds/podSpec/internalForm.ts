/**
 * A structure as the API server holds it in memory, for the messages that quote one: every field is there, absent ones as
 * their zero. Used for messages only, never on the way of an object that is fine.
 */
import type { LabelSelector } from '#common/api/meta.ts';
import { unexpected } from '#common/base/unexpected.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalTypes } from './internalTypes.ts';

interface InternalField {
  readonly name: string;
  readonly jsonName: string;
  readonly zero: unknown;
  readonly shape: '' | ':' | '*' | '[]';
  readonly type: string;
}

const parsed = new Map<string, readonly InternalField[]>();
const fieldText = /^(\w+?)(?:\/(\w+))?(?:=(\S+)|(\[\]|\*|:)(\w+))?$/;

function fieldsOf(type: string): readonly InternalField[] {
  let fields = parsed.get(type);
  if (!fields) {
    const text = internalTypes[type] ?? unexpected(`no internal form of ${type}`);
    fields = text.split(' ').map((field): InternalField => {
      const [, name = '', jsonName, zero, shape = '', of = ''] = fieldText.exec(field) ?? unexpected(`internal field ${field}`);
      return {
        name,
        jsonName: jsonName ?? name.charAt(0).toLowerCase() + name.slice(1),
        zero: zero === undefined ? null : JSON.parse(zero),
        shape: shape as InternalField['shape'],
        type: of,
      };
    });
    parsed.set(type, fields);
  }
  return fields;
}

/** `value`, a structure of the API, in the form of the internal structure `type`. */
export function internalForm(type: string, value: object | undefined): Record<string, unknown> {
  const source = (value ?? {}) as Record<string, unknown>;
  if (type === 'Other') return capitalized(source);
  if (type === 'LabelSelector') return labelSelectorForm(source);
  const out: Record<string, unknown> = {};
  for (const field of fieldsOf(type)) out[field.name] = fieldForm(field, source[field.jsonName]);
  if (type === 'ClaimTemplate') return { ...(source.metadata as object | undefined), ...out };
  return out;
}

function fieldForm(field: InternalField, value: unknown): unknown {
  if (field.shape === ':') return internalForm(field.type, value as object | undefined);
  if (value == null) return field.zero;
  if (field.shape === '*') return internalForm(field.type, value as object);
  if (field.shape === '[]') return (value as object[]).map((item) => internalForm(field.type, item));
  return Array.isArray(value) || typeof value !== 'object' ? value : sortedMap(value as Record<string, unknown>);
}

/** Go prints maps by their keys' order. */
export const sortedMap = (map: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, map[key]]),
  );

/** Label selectors look the same inside and outside, but for the order. */
export function labelSelectorForm({ matchLabels, matchExpressions }: LabelSelector): Record<string, unknown> {
  return {
    ...(matchLabels && Object.keys(matchLabels).length ? { matchLabels: sortedMap(matchLabels) } : {}),
    ...(matchExpressions?.length
      ? {
          matchExpressions: matchExpressions.map(({ key = '', operator = '', values }) => ({
            key,
            operator,
            ...(values?.length ? { values } : {}),
          })),
        }
      : {}),
  };
}

/** Structures without a table, the options of rare volume drivers: their given fields, with capital letters. */
const capitalized = (source: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(source).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]));

export function internalPodSpec(spec: api.PodSpec): Record<string, unknown> {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = spec;
  return internalForm('PodSpec', {
    ...spec,
    securityContext: { ...securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  });
}

/** The lines of the indented JSON that a difference is made of. */
export const internalLines = (form: object): string[] => escaped(JSON.stringify(form, null, 1)).split('\n');

/** Go escapes what could end a script element. */
const escaped = (text: string): string => text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
