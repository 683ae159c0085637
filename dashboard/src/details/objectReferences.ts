/** Which objects an object names, and which its selectors look for: read from the object as its kind's references declare. */
import { type Selector, selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import { getOwn, isJsonObject } from '#common/api/ownProperty.ts';
import type { KindDefinition, Reference } from '#common/kinds/defineKind.ts';
import { kindNamed } from './kindTable.ts';

export interface NamedObject {
  readonly group: string;
  readonly kind: string;
  /** Empty for what is cluster-scoped. */
  readonly namespace: string;
  readonly name: string;
  /** The field that names it, without indexes. */
  readonly path: string;
  readonly optional: boolean;
}

export interface SelectedObjects {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly selector: Selector;
  readonly path: string;
}

/** Kinds of subjects that are no objects. */
const notObjects = new Set(['User', 'Group']);

export function namedObjects(object: KubeObject, definition: KindDefinition): NamedObject[] {
  const found = new Map<string, NamedObject>();
  const add = (named: NamedObject): void => {
    const key = `${named.group}/${named.kind}/${named.namespace}/${named.name}`;
    if (named.name && !found.has(key)) found.set(key, named);
  };
  const own = object.metadata.namespace ?? '';
  for (const reference of definition.references) {
    if (reference.type !== 'name' && reference.type !== 'object') continue;
    for (const { value, indexes } of valuesAt(object, reference.path)) {
      if (reference.type === 'name') {
        if (typeof value !== 'string') continue;
        const { to, namespacePath, optionalPath } = reference;
        const said = namespacePath && valueAt(object, namespacePath, indexes);
        const namespace = isNamespaced(to) ? (typeof said === 'string' && said ? said : own) : '';
        const optional = optionalPath !== undefined && valueAt(object, optionalPath, indexes) === true;
        add({ ...to, namespace, name: value, path: reference.path, optional });
      } else if (isJsonObject(value)) {
        const named = objectReference(value, own, reference.path);
        if (named) add(named);
      }
    }
  }
  return [...found.values()];
}

function objectReference(value: Readonly<Record<string, unknown>>, own: string, path: string): NamedObject | undefined {
  const { kind, name, namespace, apiVersion, apiGroup } = value;
  if (typeof kind !== 'string' || typeof name !== 'string' || notObjects.has(kind)) return undefined;
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const group = typeof apiGroup === 'string' ? apiGroup : version.slice(0, Math.max(0, version.indexOf('/')));
  const to = { group, kind };
  return {
    ...to,
    namespace: isNamespaced(to) ? (typeof namespace === 'string' && namespace ? namespace : own) : '',
    name,
    path,
    optional: false,
  };
}

/** Selectors that look into the object's own namespace; what looks further is left out. */
export function selectedObjects(object: KubeObject, definition: KindDefinition): SelectedObjects[] {
  return definition.references.flatMap((reference) => {
    if (reference.type !== 'selector' || isConstraint(reference)) return [];
    const { path, to, form } = reference;
    return valuesAt(object, path).flatMap(({ value }) => {
      if (!isJsonObject(value)) return [];
      const selector =
        form === 'map' ? selectorFromMap(value as Record<string, string>) : selectorFromLabelSelector(value as LabelSelector);
      // An empty map selects nothing in a Service.
      if (selector.matchesNothing || (form === 'map' && selector.isEmpty)) return [];
      return [{ ...to, namespace: object.metadata.namespace ?? '', selector, path }];
    });
  });
}

/** Where a pod may stand says nothing of what it has to do with; peers of a NetworkPolicy are not what it protects. */
const isConstraint = ({ path, namespaceSelectorPath, namespacesPath }: Extract<Reference, { type: 'selector' }>): boolean =>
  /affinity|topologySpread|\.from\[|\.to\[/i.test(path) || namespaceSelectorPath !== undefined || namespacesPath !== undefined;

const isNamespaced = ({ group, kind }: { group: string; kind: string }): boolean => kindNamed(group, kind)?.namespaced ?? true;

interface Found {
  readonly value: unknown;
  /** Of the lists on the way, in order: what tells which neighbour belongs to it. */
  readonly indexes: readonly (number | string)[];
}

/** All values at a dotted path with `[]` and `{}`. */
function valuesAt(object: KubeObject, path: string): Found[] {
  let found: Found[] = [{ value: object, indexes: [] }];
  for (const step of stepsOf(path)) {
    found = found.flatMap(({ value, indexes }): Found[] => {
      if (step === '[]')
        return Array.isArray(value) ? value.map((item, i) => ({ value: item as unknown, indexes: [...indexes, i] })) : [];
      if (!isJsonObject(value)) return [];
      if (step === '{}') return Object.entries(value).map(([key, item]) => ({ value: item, indexes: [...indexes, key] }));
      const next = getOwn(value, step);
      return next === undefined || next === null ? [] : [{ value: next, indexes }];
    });
  }
  return found;
}

/** The value at a path whose lists are gone through at the given places. */
function valueAt(object: KubeObject, path: string, indexes: readonly (number | string)[]): unknown {
  let value: unknown = object;
  let at = 0;
  for (const step of stepsOf(path)) {
    if (step === '[]') value = Array.isArray(value) ? (value as unknown[])[Number(indexes[at++] ?? 0)] : undefined;
    else if (!isJsonObject(value)) return undefined;
    else value = getOwn(value, step === '{}' ? String(indexes[at++] ?? '') : step);
  }
  return value;
}

const stepsOf = (path: string): string[] => path.replace(/\[\]|\{\}/g, (step) => `.${step}`).split('.');
