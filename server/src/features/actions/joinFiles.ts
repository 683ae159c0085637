/**
 * One file for a folder: the manifests of the other files go to the end of this one, and those files go away. Not where a
 * kustomization lists them, and only whole YAML files.
 *
 *     web.yaml: Deployment/web   service.yaml: Service/web   →   web.yaml: Deployment/web --- Service/web
 */
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { documentText, insertBehind, takesDocuments } from '../../edits/documents.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { CodeAction, InRange } from '../feature.ts';
import { isOnHead, objectPlace } from './actionPlaces.ts';

const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/') + 1);

export const provideJoinFiles: InRange<readonly CodeAction[]> = (snapshot, file, range) => {
  const place = objectPlace(snapshot, file, range);
  const last = file.documents.at(-1);
  if (!place || !last || !isOnHead(place) || !takesDocuments(file)) return undefined;
  const inFolder = snapshot.index.files().filter(({ uri }) => folderOf(uri) === folderOf(file.uri));
  if (inFolder.some(({ kind }) => kind === 'kustomization')) return undefined;
  const others = inFolder
    .filter((other) => other.uri !== file.uri && canMove(snapshot, other))
    .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  if (others.length === 0) return undefined;
  const yaml = others.flatMap((other) => other.documents.map((document) => documentText(other, document))).join('\n---\n');
  const { t } = snapshot.l10n;
  return [
    {
      title:
        others.length === 1
          ? t('Join the other file of this folder into this one')
          : t('Join the {0} other files of this folder into this one', others.length),
      kind: 'refactor',
      edits: [insertBehind(file, last, yaml)],
      remove: others.map(({ uri }) => uri),
    },
  ];
};

/** All of it are objects, so that nothing is lost. */
const canMove = ({ index }: Snapshot, file: SourceFile): boolean =>
  file.kind === 'manifests' &&
  takesDocuments(file) &&
  index.roleOf(file.uri) === 'object' &&
  file.documents.every(({ isManifest, content }) => isManifest && !content.broken && !content.inList);
