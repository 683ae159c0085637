/**
 * Which pods a rule is about: namespaces and a label selector. Buckets say where groups lie that may hold a pod, so
 * that nobody compares each pod with each group.
 */
import type { Labels, Selector } from '#common/api/labelSelector.ts';
import type { Pod } from '#common/schema/generated/types.ts';

export interface PodGroup {
  readonly namespaces: readonly string[];
  /** Namespaces beyond those named. */
  readonly namespaceSelector: Selector | undefined;
  readonly selector: Selector;
}

type NamespaceLabels = (namespace: string) => Labels | undefined;

export function inGroup(pod: Pod, group: PodGroup, namespaceLabels: NamespaceLabels): boolean {
  if (!group.selector.matches(pod.metadata.labels)) return false;
  const namespace = pod.metadata.namespace ?? '';
  if (group.namespaces.includes(namespace)) return true;
  return group.namespaceSelector?.matches(namespaceLabels(namespace)) ?? false;
}

/** Two groups with the same text have the same members. */
export const groupText = ({ namespaces, namespaceSelector, selector }: PodGroup): string =>
  JSON.stringify([
    [...namespaces].sort(),
    namespaceSelector ? namespaceSelector.text : null,
    selector.matchesNothing ? null : selector.text,
  ]);

/** The buckets in which the group lies. */
export function bucketsOf({ namespaces, namespaceSelector, selector }: PodGroup): string[] {
  if (selector.matchesNothing) return [];
  const label = selector.requirements.find((r) => (r.operator === '=' || r.operator === 'in') && r.values.length === 1);
  const suffix = label ? `/${label.key}=${label.values[0] ?? ''}` : '';
  return namespaceSelector ? [`*${suffix}`] : namespaces.map((namespace) => `${namespace}${suffix}`);
}

/** The buckets in which groups of this pod may lie. */
export function bucketsFor({ metadata: { namespace = '', labels } }: Pod): string[] {
  const out = ['*', namespace];
  if (labels) {
    for (const key of Object.keys(labels)) {
      const suffix = `/${key}=${labels[key] ?? ''}`;
      out.push(`*${suffix}`, `${namespace}${suffix}`);
    }
  }
  return out;
}

/** Values by the buckets of their groups. */
export class Buckets<T> {
  readonly #buckets = new Map<string, Set<T>>();

  add(group: PodGroup, value: T): void {
    for (const bucket of bucketsOf(group)) {
      const found = this.#buckets.get(bucket);
      if (found) found.add(value);
      else this.#buckets.set(bucket, new Set([value]));
    }
  }

  delete(group: PodGroup, value: T): void {
    for (const bucket of bucketsOf(group)) {
      const found = this.#buckets.get(bucket);
      if (found?.delete(value) && found.size === 0) this.#buckets.delete(bucket);
    }
  }

  /** Calls `visit` for each value whose group may hold the pod, at most once. */
  forEach(pod: Pod, visit: (value: T) => void): void {
    if (this.#buckets.size === 0) return;
    for (const bucket of bucketsFor(pod)) this.#buckets.get(bucket)?.forEach(visit);
  }

  clear(): void {
    this.#buckets.clear();
  }
}
