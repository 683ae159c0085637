/** Names within one object: the volumes for its mounts, and for a new volume the names that are mounted and not there yet. */
import { childOf, textOf } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { valueItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, pathText, placeAt } from './place.ts';
import { nodesOfPath, referencesAt } from './referencesAt.ts';

export const provideLocalNameCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value') return undefined;
  const reference = referencesAt(place, place.path).find((each) => each.type === 'local');
  if (reference) {
    const names = new Map(reference.lists.flatMap((list) => namesIn(place, list)));
    return [...names].map(([name, detail]) => valueItem(place, name, 'reference', { detail, sort: `0${name}` }));
  }
  return place.path.at(-1) === 'name' ? wantedNames(place, snapshot) : undefined;
};

/** Each element's name, with what kind of volume it is. */
function namesIn(place: CompletionPlace, list: string): [string, string][] {
  const node = nodeAtPath(place, list);
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item): [string, string][] => {
    const own = textOf(childOf(item, 'name'));
    const source = item.kind === 'map' ? item.pairs.map(({ key }) => String(key.value)).find((key) => key !== 'name') : undefined;
    if (own) return [[own, source ?? '']];
    const template = textOf(childOf(childOf(item, 'metadata'), 'name'));
    return template ? [[template, 'volumeClaimTemplate']] : [];
  });
}

function wantedNames(place: CompletionPlace, { l10n }: Snapshot): Completion[] | undefined {
  const list = pathText({ path: place.path.slice(0, -2) });
  const locals = (place.schema?.kind.definition.references ?? []).filter((each) => each.type === 'local');
  const users = locals.filter(({ lists }) => lists.includes(list));
  if (users.length === 0) return undefined;
  const item = nodeAtPath(place, place.path.slice(0, -1));
  const there = new Set<string>();
  for (const each of users.flatMap(({ lists }) => lists)) {
    for (const [name] of namesIn(place, each)) if (textOf(childOf(item, 'name')) !== name) there.add(name);
  }
  const names = new Set(
    users.flatMap(({ path }) => nodesOfPath(place.document.root, path).flatMap((node) => textOf(node) ?? [])),
  );
  return [...names]
    .filter((name) => !there.has(name))
    .map((name) => valueItem(place, name, 'reference', { detail: l10n.t('mounted, not defined yet'), sort: `0${name}` }));
}
