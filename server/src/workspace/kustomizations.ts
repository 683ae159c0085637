/**
 * What a kustomization says of the files around it: which are patches (parts of objects, that is) and which ConfigMaps and
 * Secrets it makes. Names count as they are written, without the prefix and the hash that a build adds: references in the
 * same kustomization are written so too.
 */
import { childOf, keyText, type ManifestNode, textOf } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { KindName } from '../facts/liveFacts.ts';

export interface GeneratedObject extends KindName {
  readonly name: string;
  /** Undefined when some come from a file that is not read here. */
  readonly keys: ReadonlySet<string> | undefined;
}

export interface KustomizationReading {
  /** The files that are patches. */
  readonly patches: readonly string[];
  readonly generated: readonly GeneratedObject[];
}

const nothing: KustomizationReading = { patches: [], generated: [] };

export function readKustomization(file: SourceFile | undefined): KustomizationReading {
  if (file?.kind !== 'kustomization') return nothing;
  const roots = file.documents.flatMap(({ content: { root } }) => root ?? []);
  return {
    patches: roots.flatMap((root) => patchPaths(root).flatMap((path) => uriOf(file.uri, path) ?? [])),
    generated: roots.flatMap((root) => [
      ...generatedBy(childOf(root, 'configMapGenerator'), 'ConfigMap'),
      ...generatedBy(childOf(root, 'secretGenerator'), 'Secret'),
    ]),
  };
}

const itemsOf = (node: ManifestNode | undefined): readonly ManifestNode[] => (node?.kind === 'sequence' ? node.items : []);

function patchPaths(root: ManifestNode): string[] {
  const listed = ['patches', 'patchesJson6902'].flatMap((field) =>
    itemsOf(childOf(root, field)).map((item) => childOf(item, 'path')),
  );
  const nodes = [...listed, ...itemsOf(childOf(root, 'patchesStrategicMerge'))];
  // A strategic merge patch may also stand there itself, as a text of several lines.
  return nodes.flatMap((node) => textOf(node) ?? []).filter((path) => !path.includes('\n'));
}

/** Undefined for what is somewhere else than in a file. */
export function uriOf(from: string, path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return URL.canParse(encoded, from) ? new URL(encoded, from).toString() : undefined;
}

function generatedBy(list: ManifestNode | undefined, kind: 'ConfigMap' | 'Secret'): GeneratedObject[] {
  return itemsOf(list).flatMap((item) => {
    const name = textOf(childOf(item, 'name'));
    return name === undefined ? [] : [{ group: '', kind, name, keys: generatedKeys(item) }];
  });
}

function generatedKeys(item: ManifestNode): ReadonlySet<string> | undefined {
  if (item.kind !== 'map') return undefined;
  if (item.pairs.some(({ key }) => ['env', 'envs', 'behavior'].includes(keyText(key)))) return undefined;
  const texts = (field: string): string[] => itemsOf(childOf(item, field)).flatMap((node) => textOf(node) ?? []);
  const literals = texts('literals').map((text) => text.split('=', 1).join(''));
  const files = texts('files').map((text) =>
    text.includes('=') ? text.split('=', 1).join('') : text.slice(text.lastIndexOf('/') + 1),
  );
  return new Set([...literals, ...files]);
}
