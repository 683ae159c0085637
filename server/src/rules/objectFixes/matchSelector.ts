/**
 * A workload's selector and the labels of its template, brought together in either direction.
 *
 *     selector: {matchLabels: {app: web}}       selector: {matchLabels: {app: shop}}
 *     template:                           →     template:
 *       metadata: {labels: {app: shop}}           metadata: {labels: {app: shop}}
 */
import type { Requirement } from '#common/api/labelSelector.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { pairFor } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { replaceValue, setAt, setField } from '../../edits/insertions.ts';
import type { CodeAction, TextEdit } from '../../features/feature.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import { differencesOf } from '../../workspace/nearMiss.ts';

type Fix = Omit<CodeAction, 'kind' | 'diagnostics'>;

export function matchSelectorFixes(snapshot: Snapshot, file: SourceFile, document: ManifestDocument, path: string): Fix[] {
  const object = snapshot.graph.objectOf(document);
  const owner = object?.owners.find(({ metadataPath }) => `${metadataPath}.labels` === path);
  const link = object?.links.find((each) => each.type === 'selector' && each.path === 'spec.selector');
  if (!owner || link?.type !== 'selector' || link.selector.matchesNothing) return [];
  const unmet = differencesOf(link.selector.requirements, owner.labels).map(({ requirement }) => requirement);
  if (unmet.length === 0) return [];
  const { t } = snapshot.l10n;
  const changes: [string, TextEdit[] | undefined][] = [
    [t("Change the selector to the template's labels"), selectorEdits(file, document, owner, unmet)],
    [t("Change the template's labels to what the selector asks for"), labelEdits(file, document, owner, unmet)],
  ];
  return changes.flatMap(([title, edits]) => (edits?.length ? [{ title, edits }] : []));
}

/** Single values where the template has the keys, else all of the template's labels. */
function selectorEdits(
  file: SourceFile,
  document: ManifestDocument,
  owner: LabelOwner,
  unmet: readonly Requirement[],
): TextEdit[] | undefined {
  if (Object.keys(owner.labels).length === 0) return undefined;
  const plain = document.nodeFor('spec.selector.matchLabels') ?? document.nodeFor('spec.selector');
  const pairs = unmet.map(({ key }) => (Object.hasOwn(owner.labels, key) ? pairFor(plain, key) : undefined));
  if (pairs.every((pair) => pair !== undefined && !pair.merged)) {
    const edits = pairs.map((pair) => pair && replaceValue(file, pair, owner.labels[String(pair.key.value)]));
    return edits.every((edit) => edit !== undefined) ? edits : undefined;
  }
  const selector = pairFor(document.nodeFor('spec'), 'selector');
  const labels = { ...owner.labels };
  const isMap = owner.object.gvk.kind === 'ReplicationController';
  const edit = selector && replaceValue(file, selector, isMap ? labels : { matchLabels: labels });
  return edit && [edit];
}

function labelEdits(
  file: SourceFile,
  document: ManifestDocument,
  owner: LabelOwner,
  unmet: readonly Requirement[],
): TextEdit[] | undefined {
  const wanted: [string, string][] = [];
  for (const { key, operator, values } of unmet) {
    const [value] = values;
    if (value === undefined || !['=', '==', 'in'].includes(operator)) return undefined;
    wanted.push([key, value]);
  }
  const labels = document.nodeFor(`${owner.metadataPath}.labels`);
  if (labels?.kind !== 'map' || labels.pairs.length === 0) {
    const edit = setAt(file, document.root, [...owner.metadataPath.split('.'), 'labels'], Object.fromEntries(wanted));
    return edit && [edit];
  }
  const changed = wanted.filter(([key]) => pairFor(labels, key)).map(([key, value]) => setField(file, labels, key, value));
  const added = wanted.filter(([key]) => !pairFor(labels, key)).map(([key, value]) => setField(file, labels, key, value));
  const all = [...changed, ...joined(added)];
  return all.every((edit) => edit !== undefined) ? all : undefined;
}

/** Insertions at one place as one, so that their order is certain. */
function joined(edits: readonly (TextEdit | undefined)[]): (TextEdit | undefined)[] {
  const [first] = edits;
  return first ? [{ ...first, text: edits.map((edit) => edit?.text ?? '').join('') }] : [];
}
