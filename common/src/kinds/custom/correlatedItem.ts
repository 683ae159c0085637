/** Which element of a list before an update is the one that an element after it has come from. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';

/** Only lists with keys tell; undefined otherwise. */
export function correlatedItem(list: JSONSchemaProps, items: JSONSchemaProps, item: unknown, old: unknown): unknown {
  if (list['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old) || !isJsonObject(item)) return undefined;
  const keys = keyFields(list, items, item);
  return old.find((other) => isJsonObject(other) && deepEqual(keyFields(list, items, other), keys));
}

/** The key fields of an element, absent ones with their default. */
export function keyFields(
  list: JSONSchemaProps,
  items: JSONSchemaProps | undefined,
  item: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const key of [...(list['x-kubernetes-list-map-keys'] ?? [])].sort()) {
    const value = Object.hasOwn(item, key) ? item[key] : items?.properties?.[key]?.default;
    if (value !== undefined) keys[key] = value;
  }
  return keys;
}
