/** What rules of roles, admission policies and webhooks list: groups, resources and verbs, as the kinds have them. */
import type { Verb } from '#common/kinds/defineKind.ts';
import { textOf } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { limited, valueItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, placeAt } from './place.ts';

/** Those that kinds have, and those that only some resources know. */
const verbs: readonly Verb[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const specialVerbs = ['bind', 'escalate', 'impersonate', '*'];

export const provideRoleRuleCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value' || typeof place.path.at(-1) !== 'number') return undefined;
  const rule = place.path.slice(0, -2);
  const list = place.path.at(-2);
  if (typeof rule.at(-1) !== 'number' || !/[rR]ules$/.test(String(rule.at(-2)))) return undefined;
  const there = new Set(textsIn(place, place.path.slice(0, -1), place.path.at(-1) as number));
  const offered =
    list === 'verbs'
      ? verbItems(place)
      : list === 'apiGroups'
        ? groupItems(snapshot, place)
        : list === 'resources'
          ? resourceItems(snapshot, place, rule)
          : undefined;
  return (
    offered &&
    limited(
      offered.filter(({ label }) => !there.has(label === '""' ? '' : label)),
      place.typed,
      ({ label }) => label,
    )
  );
};

const verbItems = (place: CompletionPlace): Completion[] =>
  [...verbs, ...specialVerbs].map((verb, i) => valueItem(place, verb, 'enum', { sort: String(i).padStart(2, '0') }));

function groupItems({ schema, l10n }: Snapshot, place: CompletionPlace): Completion[] {
  const groups = [...new Set(schema.kinds.all().map(({ definition }) => definition.group))];
  return groups.map((group) =>
    valueItem(place, group, 'value', { ...(group === '' ? { label: '""', detail: l10n.t('the core group') } : {}), sort: group }),
  );
}

/** Of the groups that the rule names; of all while it names none. */
function resourceItems({ schema }: Snapshot, place: CompletionPlace, rule: readonly (string | number)[]): Completion[] {
  const groups = textsIn(place, [...rule, 'apiGroups']);
  const wanted = groups.length === 0 || groups.includes('*') ? undefined : new Set(groups);
  const items = new Map<string, Completion>();
  for (const { definition } of schema.kinds.all()) {
    const { group, plural, kind, subresources } = definition;
    if (wanted && !wanted.has(group)) continue;
    const names = [
      plural,
      ...(subresources.status ? [`${plural}/status`] : []),
      ...(subresources.scale ? [`${plural}/scale`] : []),
    ];
    if (group === '' && kind === 'Pod') names.push('pods/log', 'pods/exec', 'pods/portforward', 'pods/eviction');
    for (const name of names)
      if (!items.has(name))
        items.set(
          name,
          valueItem(place, name, 'value', { detail: group || 'core', sort: `${name.includes('/') ? 1 : 0}${name}` }),
        );
  }
  return [...items.values()];
}

/** The texts of a list, but for the item that is being written. */
function textsIn(place: CompletionPlace, path: readonly (string | number)[], except = -1): string[] {
  const list = nodeAtPath(place, path);
  return list?.kind === 'sequence' ? list.items.flatMap((item, i) => (i === except ? [] : (textOf(item) ?? []))) : [];
}
