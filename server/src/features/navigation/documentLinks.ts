/** The files that a kustomization names, as links. */
import { childOf, type ManifestNode, nodesOf, textOf } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { DocumentLink, OfFile } from '../feature.ts';

/** Fields with paths; a patch, a generator and a replacement say theirs under `path` or `files`. */
const lists = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'transformers',
  'generators',
  'validators',
  'patchesStrategicMerge',
];
const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export const provideDocumentLinks: OfFile<readonly DocumentLink[]> = (snapshot, file) => {
  if (file.kind !== 'kustomization') return undefined;
  return file.documents.flatMap(({ root }) =>
    pathNodes(root).flatMap((node) => {
      const text = textOf(node);
      const target = text === undefined ? undefined : resolve(snapshot, file.uri, text);
      return target === undefined ? [] : [{ range: node, target: { uri: target, range: { start: 0, end: 0 } } }];
    }),
  );
};

function pathNodes(root: ManifestNode | undefined): ManifestNode[] {
  const found: ManifestNode[] = lists.flatMap((field) => itemsOf(childOf(root, field)));
  for (const field of ['patches', 'patchesJson6902', 'replacements', 'openapi']) {
    const node = childOf(root, field);
    for (const item of node?.kind === 'map' ? [node] : itemsOf(node)) {
      const path = childOf(item, 'path');
      if (path) found.push(path);
    }
  }
  for (const field of ['configMapGenerator', 'secretGenerator']) {
    for (const item of itemsOf(childOf(root, field))) {
      const files = childOf(item, 'files');
      const envs = childOf(item, 'envs');
      const env = childOf(item, 'env');
      found.push(...itemsOf(files), ...itemsOf(envs), ...(env ? [env] : []));
    }
  }
  return found.filter((node) => [...nodesOf(node)].length === 1);
}

const itemsOf = (node: ManifestNode | undefined): readonly ManifestNode[] => (node?.kind === 'sequence' ? node.items : []);

/** A file, or the kustomization of a folder, that is there. `key=path` is a generator's way to say a path. */
function resolve({ index }: Snapshot, from: string, text: string): string | undefined {
  const path = text.includes('=') ? text.slice(text.indexOf('=') + 1) : text;
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('github.com/')) return undefined;
  const uri = new URL(path.split('/').map(encodeURIComponent).join('/'), from).toString();
  if (/\.(ya?ml|json)$/i.test(path)) return uri;
  const folder = uri.endsWith('/') ? uri : `${uri}/`;
  const name = fileNames.find((each) => index.get(`${folder}${each}`));
  return name === undefined ? undefined : `${folder}${name}`;
}
