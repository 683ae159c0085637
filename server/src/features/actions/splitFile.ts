/**
 * One file per object. The first object stays where it is; the others go into files of their own in the same folder, named
 * after kind and name, and into the kustomizations that list this file.
 *
 *     shop.yaml: Deployment/web --- Service/web   →   shop.yaml: Deployment/web   service-web.yaml: Service/web
 */
import { childOf, textOf } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { documentText, removeDocument, takesDocuments } from '../../edits/documents.ts';
import { insertItem, newlineOf } from '../../edits/insertions.ts';
import type { Snapshot } from '../../snapshot.ts';
import { uriOf } from '../../workspace/kustomizations.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { CodeAction, InRange, TextEdit } from '../feature.ts';
import { isOnHead, objectPlace } from './actionPlaces.ts';

export const provideSplitFile: InRange<readonly CodeAction[]> = (snapshot, file, range) => {
  const place = objectPlace(snapshot, file, range);
  const objects = snapshot.graph.objectsIn(file.uri);
  if (!place || !isOnHead(place) || objects.length < 2 || !takesDocuments(file)) return undefined;
  if (file.documents.some(({ content }) => content.inList || content.broken)) return undefined;
  const others = objects.slice(1);
  const taken = new Set<string>();
  const made = others.map((object) => ({ object, uri: freeUri(snapshot, file, object, taken) }));
  const newline = newlineOf(file);
  const edits: TextEdit[] = [];
  for (const { object, uri } of made) {
    const removed = removeDocument(file, object.document);
    if (!removed) return undefined;
    const text = documentText(file, object.document).split('\n').join(newline) + newline;
    edits.push(removed, { uri, range: { start: 0, end: 0 }, text });
  }
  edits.push(
    ...listings(
      snapshot,
      file,
      made.map(({ uri }) => uri),
    ),
  );
  const title = snapshot.l10n.t('Split into {0} files, one per object', objects.length);
  return [{ title, kind: 'refactor', edits, create: made.map(({ uri }) => uri) }];
};

function freeUri({ index }: Snapshot, { uri }: SourceFile, { gvk, name }: ManifestObject, taken: Set<string>): string {
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const base = `${gvk.kind.toLowerCase()}-${name.replace(/[^\w.-]/g, '-')}`;
  for (let i = 1; ; i++) {
    const made = `${folder}${encodeURIComponent(i === 1 ? base : `${base}-${i}`)}.yaml`;
    if (index.get(made) || taken.has(made)) continue;
    taken.add(made);
    return made;
  }
}

/** What a kustomization lists of this file it also lists of the new ones. */
function listings({ index }: Snapshot, file: SourceFile, made: readonly string[]): TextEdit[] {
  return index
    .files()
    .filter(({ kind }) => kind === 'kustomization')
    .flatMap((kustomization) => {
      const list = kustomization.documents
        .map(({ root }) => childOf(root, 'resources'))
        .find((node) => node?.kind === 'sequence');
      if (list?.kind !== 'sequence') return [];
      const path = list.items.map(textOf).find((each) => each !== undefined && uriOf(kustomization.uri, each) === file.uri);
      if (path === undefined) return [];
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const added = made.flatMap(
        (uri) => insertItem(kustomization, list, folder + decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))) ?? [],
      );
      const [first] = added;
      return first ? [{ ...first, text: added.map(({ text }) => text).join('') }] : [];
    });
}
