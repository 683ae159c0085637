/** Bringing a selector and the labels that it nearly matches together, in either direction. */
import { pairFor } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { insertField, replaceValue } from '../../edits/insertions.ts';
import { scalarText } from '../../edits/yamlText.ts';
import type { CodeAction, TextEdit } from '../../features/feature.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import type { Diagnostic } from '../rule.ts';

/** Plain JSON: what the rule found, for its fixes. */
export interface SelectorData {
  readonly path: string;
  /** The label that is asked for, and the one that is there. */
  readonly key?: string;
  readonly wanted?: string;
  readonly actualKey?: string;
  readonly actual?: string;
  /** Who has it. */
  readonly owner?: { readonly uri: string; readonly index: number; readonly metadataPath: string };
}

type Fix = Omit<CodeAction, 'kind' | 'diagnostics'>;

export function selectorFixes(snapshot: Snapshot, file: SourceFile, { range, data }: Diagnostic): Fix[] {
  const found = data as SelectorData;
  return [...selectTheLabel(snapshot, file, range.start, found), ...labelTheOwner(snapshot, found)];
}

function selectTheLabel({ index, l10n }: Snapshot, file: SourceFile, offset: number, data: SelectorData): Fix[] {
  const { key, actualKey, actual } = data;
  if (actualKey === undefined || actual === undefined) return [];
  const document = index.get(file.uri)?.documents.find(({ start, end }) => start <= offset && offset < end);
  const node = document?.nodeAt(offset)?.node;
  if (node?.kind !== 'scalar') return [];
  const edits: TextEdit[] = [{ uri: file.uri, range: node, text: scalarText(actual) }];
  if (actualKey !== key) {
    if (node.parent?.kind !== 'pair' || node.parent.key.value !== key) return [];
    edits.push({ uri: file.uri, range: node.parent.key, text: scalarText(actualKey) });
  }
  return [{ title: l10n.t('Select {0}', `${actualKey}=${actual}`), edits, preferred: true }];
}

function labelTheOwner(snapshot: Snapshot, { key, wanted, actualKey, owner: place }: SelectorData): Fix[] {
  if (key === undefined || wanted === undefined || !place) return [];
  const object = snapshot.graph.objectOf(place);
  const owner = object?.owners.find(({ metadataPath }) => metadataPath === place.metadataPath);
  const file = snapshot.index.get(place.uri);
  if (!object || !owner || !file) return [];
  const label = labelEdit(file, owner, key, wanted, actualKey);
  if (!label) return [];
  const edits = [...label, ...ownSelectorEdits(file, owner, key, wanted, actualKey)];
  return [{ title: snapshot.l10n.t('Label {0} {1}', objectTitle(object), `${key}=${wanted}`), edits }];
}

function labelEdit(file: SourceFile, owner: LabelOwner, key: string, value: string, instead?: string): TextEdit[] | undefined {
  const { document } = owner.object;
  const labels = document.nodeFor(`${owner.metadataPath}.labels`);
  if (labels?.kind !== 'map' || labels.pairs.length === 0) {
    const metadata = document.nodeFor(owner.metadataPath);
    const edit = metadata?.kind === 'map' && !labels ? insertField(file, metadata, 'labels', { [key]: value }) : undefined;
    return edit && [edit];
  }
  const pair = pairFor(labels, instead ?? key);
  if (!pair) {
    const edit = insertField(file, labels, key, value);
    return edit && [edit];
  }
  const edit = replaceValue(file, pair, value);
  if (!edit) return undefined;
  return instead === undefined || instead === key ? [edit] : [edit, { uri: file.uri, range: pair.key, text: scalarText(key) }];
}

/** A workload goes on selecting its own pods. */
function ownSelectorEdits(file: SourceFile, owner: LabelOwner, key: string, value: string, instead?: string): TextEdit[] {
  if (owner.metadataPath === 'metadata') return [];
  const { document } = owner.object;
  for (const path of ['spec.selector.matchLabels', 'spec.selector']) {
    const pair = pairFor(document.nodeFor(path), instead ?? key);
    const edit = pair && !pair.merged && pair.value.kind === 'scalar' ? replaceValue(file, pair, value) : undefined;
    if (!pair || !edit) continue;
    return instead === undefined || instead === key ? [edit] : [edit, { uri: file.uri, range: pair.key, text: scalarText(key) }];
  }
  return [];
}
