/** Labels with how many objects have each, in the workspace and in the cluster, and what is offered of them. */
import type { UntypedObject } from '#common/api/meta.ts';
import type { KindName, LiveFacts } from '../../facts/liveFacts.ts';
import { countLabels, type LabelUse } from '../../workspace/labelCounts.ts';
import { type Completion, completionLimit } from '../feature.ts';
import { keyItem, limited, textValue, valueItem } from './items.ts';
import { type CompletionPlace, fits } from './place.ts';

export interface LabelSource {
  readonly use: LabelUse;
  /** What is said of so many: `3 in the workspace`. */
  readonly words: (count: number) => string;
}

/** Of other kinds than pods: counted once for each list, as facts give the same one until something changes. */
const counted = new WeakMap<readonly UntypedObject[], LabelUse>();

export function liveLabels(facts: LiveFacts, kind: KindName, namespace: string): LabelUse {
  if (kind.group === '' && kind.kind === 'Pod') return facts.podLabels(namespace);
  const list = facts.list(kind, namespace);
  const before = counted.get(list);
  if (before) return before;
  const use = countLabels(list.map(({ metadata }) => metadata.labels ?? {}));
  counted.set(list, use);
  return use;
}

/** Made by controllers for each of their objects: nobody writes them. */
const notWritten = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
]);
const pairLimit = 60;

/** Keys, and whole `key: value` pairs, at a place for keys. Earlier sources come first. */
export function labelKeyItems(place: CompletionPlace, sources: readonly LabelSource[]): readonly Completion[] {
  const there = new Set(place.siblings);
  const items = new Map<string, Completion>();
  let pairs = 0;
  for (const [rank, { use, words }] of sources.entries()) {
    for (const [key, values] of use) {
      if (there.has(key) || notWritten.has(key)) continue;
      const total = [...values.values()].reduce((sum, count) => sum + count, 0);
      if (!items.has(key))
        items.set(key, keyItem(place, key, 'scalar', 'label', { detail: words(total), sort: `${rank}1${key}`, retrigger: true }));
      if (place.quote) continue;
      for (const [value, count] of values) {
        const label = `${key}: ${value}`;
        if (value === '' || items.has(label) || pairs >= pairLimit) continue;
        if (place.typed !== '' && !fits(place.typed, label)) continue;
        pairs++;
        const text = textValue({ quote: '', json: place.json, flow: place.flow }, value);
        const base = keyItem(place, key, 'scalar', 'label', { value: text, detail: words(count) });
        items.set(label, {
          ...base,
          label,
          filter: label,
          sort: `${rank}0${String(9999 - Math.min(count, 9999)).padStart(4, '0')}${label}`,
        });
      }
    }
  }
  return limited([...items.values()], place.typed, ({ label }) => label);
}

/** Keys as values (`matchExpressions[].key`, `topologyKey`). */
export function labelKeyValues(place: CompletionPlace, sources: readonly LabelSource[]): readonly Completion[] {
  const items = new Map<string, Completion>();
  for (const [rank, { use, words }] of sources.entries()) {
    for (const [key, values] of use) {
      if (items.has(key) || notWritten.has(key)) continue;
      const total = [...values.values()].reduce((sum, count) => sum + count, 0);
      items.set(key, valueItem(place, key, 'label', { detail: words(total), sort: `${rank}${key}` }));
    }
  }
  return limited([...items.values()], place.typed, ({ label }) => label);
}

/** The values of a key. */
export function labelValueItems(place: CompletionPlace, key: string, sources: readonly LabelSource[]): readonly Completion[] {
  const items = new Map<string, Completion>();
  for (const [rank, { use, words }] of sources.entries()) {
    for (const [value, count] of use.get(key) ?? []) {
      if (items.has(value) || (items.size >= completionLimit && !fits(place.typed, value))) continue;
      items.set(
        value,
        valueItem(place, value, 'label', {
          detail: words(count),
          sort: `${rank}${String(9999 - Math.min(count, 9999)).padStart(4, '0')}${value}`,
        }),
      );
    }
  }
  return limited([...items.values()], place.typed, ({ label }) => label);
}
