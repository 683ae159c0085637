/**
 * References that say the kind too (`scaleTargetRef`, `roleRef`, `subjects`): at their beginning whole objects that are there,
 * written as kind, version and name together; later each of these by what the others say.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { StructType } from '#common/api/schemaType.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { childOf, textOf } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import { type AtOffset, type Completion, completionLimit, type TextEdit } from '../feature.ts';
import { candidatesOf } from './candidates.ts';
import { blockItem, limited, valueItem } from './items.ts';
import { nameItems } from './names.ts';
import { type CompletionPlace, fits, nodeAtPath, ownNamespace, placeAt } from './place.ts';
import { referencesAt } from './referencesAt.ts';
import { writableKinds } from './typeMeta.ts';

const rbac = 'rbac.authorization.k8s.io';

export const provideObjectReferenceCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place) return undefined;
  const around = place.position === 'key' ? place.path : place.path.slice(0, -1);
  if (!referencesAt(place, around).some(({ type }) => type === 'object')) return undefined;
  const kinds = allowedKinds(snapshot, around);
  if (place.position === 'key') return wholeItems(snapshot, place, kinds);
  const field = place.path.at(-1);
  if (field === 'kind') return kindItems(place, around, kinds);
  if (field === 'apiVersion' || field === 'apiGroup') return groupItems(place, around, field, kinds);
  return field === 'name' ? nameOf(snapshot, place, around, kinds) : undefined;
};

/** The kinds that make sense there. */
function allowedKinds({ schema }: Snapshot, around: readonly (string | number)[]): readonly KindDefinition[] {
  const kinds = writableKinds(schema.kinds).filter(({ storedAs }) => !storedAs);
  const field = around.findLast((step) => typeof step === 'string');
  if (field === 'scaleTargetRef') return kinds.filter(({ subresources }) => subresources.scale);
  if (field === 'roleRef')
    return kinds.filter(({ group, kind }) => group === rbac && (kind === 'Role' || kind === 'ClusterRole'));
  if (field === 'subjects') return kinds.filter(({ group, kind }) => group === '' && kind === 'ServiceAccount');
  if (field === 'dataSource' || field === 'dataSourceRef')
    return kinds.filter(({ kind }) => kind === 'PersistentVolumeClaim' || kind === 'VolumeSnapshot');
  return kinds;
}

/** `Deployment/web`, where nothing of the reference is written yet. */
function wholeItems(
  snapshot: Snapshot,
  place: CompletionPlace,
  kinds: readonly KindDefinition[],
): readonly Completion[] | undefined {
  const type = place.schema?.type;
  if (type?.kind !== 'struct' || place.flow || place.siblings.some((name) => name === 'kind' || name === 'name'))
    return undefined;
  const own = ownNamespace(place, snapshot);
  const items: Completion[] = [];
  for (const definition of kinds) {
    if (items.length >= completionLimit) break;
    // What is typed may be of the kind or of the name.
    const typed = fits(place.typed, definition.kind) ? '' : place.typed.slice(place.typed.indexOf('/') + 1);
    for (const each of candidatesOf(snapshot, definition, definition.namespaced ? own || undefined : '', typed)) {
      const { name, namespace, from, inWorkspace, live } = each;
      if (!inWorkspace && !live) continue;
      const lines = referenceLines(type, definition, name, namespace, own);
      items.push(
        blockItem(place, `${definition.kind}/${name}`, lines, {
          kind: 'reference',
          detail: from,
          sort: `00${inWorkspace ? 0 : 1}${definition.kind}/${name}`,
        }),
      );
    }
  }
  return limited(items, place.typed, ({ label }) => label);
}

function referenceLines(type: StructType, definition: KindDefinition, name: string, namespace: string, own: string): string {
  const lines = [];
  if (type.fields.has('apiVersion')) lines.push(`apiVersion: ${apiVersionOf(definition)}`);
  // An RBAC subject of the core group says no group.
  else if (type.fields.has('apiGroup') && definition.group) lines.push(`apiGroup: ${definition.group}`);
  lines.push(`kind: ${definition.kind}`, `name: ${name}`);
  const subject = type.name.endsWith('.Subject');
  if (type.fields.has('namespace') && definition.namespaced && (subject || namespace !== own))
    lines.push(`namespace: ${namespace}`);
  return lines.join('\n');
}

function kindItems(
  place: CompletionPlace,
  around: readonly (string | number)[],
  kinds: readonly KindDefinition[],
): readonly Completion[] {
  const map = nodeAtPath(place, around);
  const items = kinds.map((definition) => {
    const edits = groupEdit(place, map, definition);
    return valueItem(place, definition.kind, 'value', {
      detail: apiVersionOf(definition),
      sort: `0${definition.kind}`,
      ...(edits.length > 0 ? { edits } : {}),
    });
  });
  if (around.includes('subjects'))
    for (const kind of ['User', 'Group']) items.push(valueItem(place, kind, 'value', { detail: rbac, sort: `1${kind}` }));
  return limited(items, place.typed, ({ label }) => label);
}

/** Puts a version or group that is there already right. */
function groupEdit(place: CompletionPlace, map: ReturnType<typeof nodeAtPath>, definition: KindDefinition): TextEdit[] {
  for (const [field, value] of [
    ['apiVersion', apiVersionOf(definition)],
    ['apiGroup', definition.group],
  ] as const) {
    const node = childOf(map, field);
    if (node?.kind !== 'scalar' || node.style !== 'plain' || node.templated || node.value === value || value === '') continue;
    return [{ uri: place.file.uri, range: { start: node.start, end: node.end }, text: value }];
  }
  return [];
}

function groupItems(
  place: CompletionPlace,
  around: readonly (string | number)[],
  field: 'apiVersion' | 'apiGroup',
  kinds: readonly KindDefinition[],
): readonly Completion[] {
  const kind = textOf(childOf(nodeAtPath(place, around), 'kind'));
  const fitting = kinds.filter((definition) => kind === undefined || definition.kind === kind);
  const person = field === 'apiGroup' && (kind === 'User' || kind === 'Group');
  const groups = (fitting.length > 0 ? fitting : kinds).map((each) => (field === 'apiVersion' ? apiVersionOf(each) : each.group));
  return [...new Set(person ? [rbac] : groups)]
    .filter((text) => text !== '')
    .map((text) => valueItem(place, text, 'value', { sort: `0${text}` }));
}

function nameOf(
  snapshot: Snapshot,
  place: CompletionPlace,
  around: readonly (string | number)[],
  kinds: readonly KindDefinition[],
): readonly Completion[] {
  const map = nodeAtPath(place, around);
  const kind = textOf(childOf(map, 'kind'));
  const namespace = textOf(childOf(map, 'namespace')) ?? (ownNamespace(place, snapshot) || undefined);
  const items = kinds
    .filter((definition) => definition.kind === kind)
    .flatMap((definition) =>
      nameItems(place, definition, candidatesOf(snapshot, definition, definition.namespaced ? namespace : '', place.typed)),
    );
  return limited(items, place.typed, ({ label }) => label);
}
