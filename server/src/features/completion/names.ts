/** Names of objects that are there, wherever a field names one. */
import type { Reference } from '#common/kinds/defineKind.ts';
import { textOf } from '#common/manifests/nodes.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { limited, valueItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, ownNamespace, placeAt } from './place.ts';
import { besideCursor, referencesAt } from './referencesAt.ts';

export const provideNameCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value') return undefined;
  const references = referencesAt(place, place.path).filter((each) => each.type === 'name');
  if (references.length === 0) return undefined;
  const items = references.flatMap((reference) =>
    nameItems(place, reference.to, candidatesOf(snapshot, reference.to, namespaceOf(snapshot, place, reference), place.typed)),
  );
  return limited(items, place.typed, ({ label }) => label);
};

function namespaceOf(
  snapshot: Snapshot,
  place: CompletionPlace,
  reference: Extract<Reference, { type: 'name' }>,
): string | undefined {
  if (!snapshot.schema.kinds.isNamespaced(reference.to)) return '';
  const { namespacePath } = reference;
  const written = namespacePath && textOf(nodeAtPath(place, besideCursor(namespacePath, place.path)));
  // What is cluster-scoped itself may name objects of any namespace.
  return written || ownNamespace(place, snapshot) || undefined;
}

/** Without the object itself. */
export function nameItems(place: CompletionPlace, kind: KindName, candidates: readonly Candidate[]): Completion[] {
  const self = place.gvk?.kind === kind.kind && place.gvk.group === kind.group ? place.document.name : undefined;
  return candidates
    .filter(({ name }) => name !== '' && name !== self)
    .map(({ name, from, inWorkspace, live }) =>
      valueItem(place, name, 'reference', {
        detail: `${kind.kind} · ${from}`,
        sort: `${inWorkspace ? 0 : live ? 1 : 2}${name}`,
      }),
    );
}
