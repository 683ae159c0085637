/** Merging an applied configuration into the live object, and taking out what an applier no longer names. */
import { deepEqual } from '#common/base/freeze.ts';
import type { ListType, SchemaType } from '../schemaType.ts';
import { getOwn, isJsonObject, setOwn, type JsonObject } from '../ownProperty.ts';
import { type FieldSet, isEmptySet, isMemberNode } from './fieldSet.ts';
import { elementOfField, elementOfItem } from './pathElement.ts';
import { fieldOf, memberTypeOf, shapeOf } from './typedFields.ts';

/** `live` with everything that `config` says. Shares what stays the same; gives back `live` itself if all of it does. */
export function mergeTyped(type: SchemaType | undefined, live: unknown, config: unknown): unknown {
  if (config === undefined || config === live) return live;
  if (live === undefined || live === null) return config;
  const shape = shapeOf(type, config);
  if (shape === 'atomic' || shapeOf(type, live) !== shape) return deepEqual(live, config) ? live : config;
  // A granular container that is given as null says nothing about its content.
  if (config === null) return live;
  if (shape === 'elements') return mergeItems(type as ListType, live as unknown[], config as unknown[]);
  return mergeFields(type, live as JsonObject, config as JsonObject);
}

function mergeFields(type: SchemaType | undefined, live: JsonObject, config: JsonObject): JsonObject {
  let result = live;
  for (const key of Object.keys(config)) {
    const was = getOwn(live, key);
    const merged = mergeTyped(memberTypeOf(type, fieldOf(type, key)), was, config[key]);
    if (merged === was) continue;
    if (result === live) result = { ...live };
    setOwn(result, key, merged);
  }
  return result;
}

/**
 * Elements that only the live list has keep their places; those of the configuration come in its order, and shared
 * ones are where the configuration has them.
 */
function mergeItems(type: ListType, live: unknown[], config: unknown[]): unknown[] {
  const liveElements = live.map((item) => elementOfItem(type, item));
  const configElements = config.map((item) => elementOfItem(type, item));
  const inLive = new Map(live.map((item, i) => [liveElements[i] ?? '', item]));
  const inConfig = new Set(configElements);
  const merged: unknown[] = [];
  const done = new Set<string>();
  let at = 0;
  const emitLiveOnly = (until: string, nextShared: string | undefined): void => {
    for (; at < live.length; at++) {
      const element = liveElements[at] ?? '';
      if (element === until) return;
      if (!inConfig.has(element)) merged.push(live[at]);
      else if (!done.has(element) && element === nextShared) return;
    }
  };
  configElements.forEach((element, i) => {
    const nextShared = configElements.find((other, j) => j >= i && inLive.has(other));
    emitLiveOnly(element, nextShared);
    merged.push(mergeTyped(type.item, inLive.get(element), config[i]));
    done.add(element);
    if (liveElements[at] === element) at++;
  });
  for (; at < live.length; at++) if (!inConfig.has(liveElements[at] ?? '')) merged.push(live[at]);
  return merged.length === live.length && merged.every((item, i) => item === live[i]) ? live : merged;
}

/**
 * `value` without the members of `set`. A container that is empty because of it becomes null: it goes, but whoever owns
 * the container itself is not said to have lost it.
 */
export function removeFields(type: SchemaType | undefined, value: unknown, set: FieldSet): unknown {
  if (isEmptySet(set)) return value;
  switch (shapeOf(type, value)) {
    case 'fields':
      return isJsonObject(value) ? removeFromObject(type, value, set) : value;
    case 'elements':
      return Array.isArray(value) ? removeFromList(type as ListType, value, set) : value;
    default:
      return value;
  }
}

const isNowEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;

function removeFromObject(type: SchemaType | undefined, object: JsonObject, set: FieldSet): JsonObject {
  let result = object;
  for (const key of Object.keys(object)) {
    const node = set[elementOfField(key)];
    if (!node) continue;
    const left = isMemberNode(node) ? undefined : removeFields(memberTypeOf(type, fieldOf(type, key)), object[key], node);
    if (left === object[key]) continue;
    if (result === object) result = { ...object };
    if (left === undefined) delete result[key];
    else setOwn(result, key, isNowEmpty(left) ? null : left);
  }
  return result;
}

function removeFromList(type: ListType, list: unknown[], set: FieldSet): unknown[] {
  let changed = false;
  const result: unknown[] = [];
  for (const item of list) {
    const node = set[elementOfItem(type, item)];
    const left = !node ? item : isMemberNode(node) ? undefined : removeFields(type.item, item, node);
    if (left !== item) changed = true;
    if (left !== undefined) result.push(left);
  }
  return changed ? result : list;
}
