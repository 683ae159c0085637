/**
 * A volume for a mount that has none: of the ConfigMap, Secret or claim that is called so, else an empty directory.
 *
 *     volumeMounts:                     volumeMounts:
 *       - name: data            →         - name: data
 *         mountPath: /data                  mountPath: /data
 *                                     volumes:
 *                                       - name: data
 *                                         emptyDir: {}
 */
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { textOf } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { addToList } from '../../edits/insertions.ts';
import type { CodeAction } from '../../features/feature.ts';
import type { Snapshot } from '../../snapshot.ts';
import { podSpecOf } from '../../workspace/linkTargets.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';

type Fix = Omit<CodeAction, 'kind' | 'diagnostics'>;

const sources = [
  ['ConfigMap', 'Add the volume "{0}" of the ConfigMap', (name: string) => ({ configMap: { name } })],
  ['Secret', 'Add the volume "{0}" of the Secret', (name: string) => ({ secret: { secretName: name } })],
  [
    'PersistentVolumeClaim',
    'Add the volume "{0}" of the claim',
    (name: string) => ({ persistentVolumeClaim: { claimName: name } }),
  ],
] as const;

export function addVolumeFixes(snapshot: Snapshot, file: SourceFile, document: ManifestDocument, path: string): Fix[] {
  const object = snapshot.graph.objectOf(document);
  const podSpec = object && podSpecOf(object);
  if (!object || podSpec === undefined || !/\.volumeMounts\[\d+\]\.name$/.test(path)) return [];
  const name = textOf(document.nodeFor(path));
  const spec = document.nodeFor(podSpec);
  if (!name || spec?.kind !== 'map') return [];
  const named = sources.filter(([kind]) => isThere(snapshot, object, kind, name));
  const choices = [
    ...named.map(([, title, source]) => ({ title: snapshot.l10n.t(title, name), source: source(name) })),
    { title: snapshot.l10n.t('Add the volume "{0}" as an empty directory', name), source: { emptyDir: {} } },
  ];
  return choices.flatMap(({ title, source }) => {
    const edit = addToList(file, spec, 'volumes', { name, ...source });
    return edit ? [{ title, edits: [edit] }] : [];
  });
}

const isThere = ({ graph, facts }: Snapshot, { namespace }: ManifestObject, kind: string, name: string): boolean =>
  graph.objectsNamed({ group: '', kind }, namespace, name).length > 0 ||
  facts.get({ group: '', kind }, namespace, name) !== undefined;
