/**
 * Above each object: how it is doing in the cluster and whether it is what is written here, and what can be done with it.
 * Without a cluster there is only `Apply`. The commands are the editor's to carry out.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { documentCommands, loggableKinds } from '#common/protocol/commands.ts';
import type { DocumentTarget } from '#common/protocol/languageServer.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { CodeLens, OfFile } from '../feature.ts';
import { firstDifference } from './differences.ts';
import { appliedText, statusText } from './statusText.ts';

export const provideObjectLenses: OfFile<readonly CodeLens[]> = (snapshot, file) => {
  if (file.kind !== 'manifests' || snapshot.index.roleOf(file.uri) === 'patch') return undefined;
  return file.documents.flatMap((document) => lensesOf(snapshot, document));
};

function lensesOf(snapshot: Snapshot, document: ManifestDocument): CodeLens[] {
  const { facts, graph, l10n } = snapshot;
  const object = graph.objectOf(document);
  const { root } = document;
  if (!object || !root || document.content.broken || document.content.templated || !snapshot.index.kinds.find(object.gvk))
    return [];
  const range = placeOf(document, root);
  const lens = (title: string, id: string): CodeLens => ({ range, command: { title, id, arguments: [targetOf(object)] } });
  if (facts.state !== 'live') return [lens(l10n.t('Apply'), documentCommands.apply)];
  const live = facts.get(object.gvk, object.namespace, object.name);
  const { apply, diff, logs, remove, describe } = documentCommands;
  if (!live) {
    const absent = facts.knows(object.gvk) ? [lens(l10n.t('not in the cluster'), '')] : [];
    const rest = absent.length > 0 ? [] : [lens(l10n.t('Diff'), diff), lens(l10n.t('Delete'), remove)];
    return [...absent, lens(l10n.t('Apply'), apply), ...rest];
  }
  return [
    { ...lens(summary(snapshot, object, live), describe), ages: true },
    lens(l10n.t('Apply'), apply),
    lens(l10n.t('Diff'), diff),
    ...((loggableKinds as readonly string[]).includes(object.gvk.kind) ? [lens(l10n.t('Logs'), logs)] : []),
    lens(l10n.t('Delete'), remove),
  ];
}

/** `3/3 ready · applied 2 m ago · differs from cluster`. */
function summary(snapshot: Snapshot, { gvk, document }: ManifestObject, live: UntypedObject): string {
  const known = snapshot.index.kinds.find(gvk);
  const different = known && firstDifference(known, document.value, live) !== undefined;
  const parts = [
    statusText(gvk, live, snapshot) || snapshot.l10n.t('in the cluster'),
    appliedText(live, snapshot),
    different ? snapshot.l10n.t('differs from cluster') : undefined,
  ];
  return parts.filter(Boolean).join(' · ');
}

function targetOf({ uri, document, gvk, namespace, name }: ManifestObject): DocumentTarget {
  return { uri, index: document.index, object: { apiVersion: apiVersionOf(gvk), kind: gvk.kind, namespace, name } };
}

function placeOf(document: ManifestDocument, root: TextRange): TextRange {
  const kind = document.keyRangeFor('kind');
  const apiVersion = document.keyRangeFor('apiVersion');
  // The first of the two, whichever way they are written.
  return [kind, apiVersion].reduce<TextRange>((first, each) => (each && each.start < first.start ? each : first), kind ?? root);
}
