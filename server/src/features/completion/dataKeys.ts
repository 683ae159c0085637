/** Keys of the ConfigMap or Secret that is named beside them, and names for environment variables made from such keys. */
import type { UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { childOf, textOf } from '#common/manifests/nodes.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { fileName } from './candidates.ts';
import { limited, valueItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, ownNamespace, placeAt } from './place.ts';
import { besideCursor, keysOf, nodesOfPath, referencesAt } from './referencesAt.ts';

const fields = ['data', 'stringData', 'binaryData'] as const;

export const provideDataKeyCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value') return undefined;
  if (place.path.at(-1) === 'name' && place.path.at(-3) === 'env') return envNames(snapshot, place);
  const items = referencesAt(place, place.path).flatMap((reference) => {
    if (reference.type !== 'key') return [];
    const name = textOf(nodeAtPath(place, besideCursor(reference.namePath, place.path)));
    if (!name) return [];
    return [...dataKeys(snapshot, reference.to, ownNamespace(place, snapshot), name)].map(([key, from]) =>
      valueItem(place, key, 'value', { detail: `${reference.to.kind}/${name} · ${from}`, sort: `0${key}` }),
    );
  });
  return items.length > 0 ? limited(items, place.typed, ({ label }) => label) : undefined;
};

/** Key → where it is known from. */
function dataKeys({ graph, facts, l10n }: Snapshot, kind: KindName, namespace: string, name: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { document } of graph.objectsNamed(kind, namespace, name)) {
    for (const field of fields) for (const key of keysOf(childOf(document.root, field))) keys.set(key, fileName(document.uri));
  }
  const live: UntypedObject | undefined = facts.get(kind, namespace, name);
  for (const field of fields) {
    const data = live?.[field];
    if (isJsonObject(data)) for (const key of Object.keys(data)) if (!keys.has(key)) keys.set(key, l10n.t('cluster'));
  }
  return keys;
}

/** The key that the variable takes its value from; else the keys of what the object names anyway. */
function envNames(snapshot: Snapshot, place: CompletionPlace): readonly Completion[] | undefined {
  const variable = nodeAtPath(place, place.path.slice(0, -1));
  const from = childOf(variable, 'valueFrom');
  const own = textOf(childOf(childOf(from, 'configMapKeyRef') ?? childOf(from, 'secretKeyRef'), 'key'));
  const list = nodeAtPath(place, place.path.slice(0, -2));
  const taken = new Set(
    list?.kind === 'sequence'
      ? list.items.flatMap((item) => (item === variable ? [] : (textOf(childOf(item, 'name')) ?? [])))
      : [],
  );
  const names = new Map<string, string>();
  if (own) names.set(envName(own), snapshot.l10n.t('from key {0}', own));
  else {
    for (const { kind, name } of namedConfig(place)) {
      for (const key of dataKeys(snapshot, kind, ownNamespace(place, snapshot), name).keys())
        if (!/\.\w+$/.test(key)) names.set(envName(key), `${kind.kind}/${name}`);
    }
  }
  const items = [...names]
    .filter(([name]) => !taken.has(name))
    .map(([name, detail]) => valueItem(place, name, 'value', { detail, sort: `0${name}` }));
  return items.length > 0 ? limited(items, place.typed, ({ label }) => label) : undefined;
}

/** The ConfigMaps and Secrets that the object names. */
function namedConfig({ document, schema }: CompletionPlace): { kind: KindName; name: string }[] {
  const found = new Map<string, { kind: KindName; name: string }>();
  for (const reference of schema?.kind.definition.references ?? []) {
    if (reference.type !== 'name' || !['ConfigMap', 'Secret'].includes(reference.to.kind)) continue;
    for (const node of nodesOfPath(document.root, reference.path)) {
      const name = textOf(node);
      if (name) found.set(`${reference.to.kind}/${name}`, { kind: reference.to, name });
    }
  }
  return [...found.values()];
}

/** `db.maxConnections` is `DB_MAX_CONNECTIONS`. */
const envName = (key: string): string =>
  key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();
