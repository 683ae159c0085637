/** What a document that is being written is, or is about to be. */
import { type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { KindRegistry } from '../../schema/kindRegistry.ts';

/** From what the parser has found, else from the lines themselves; without an apiVersion the first kind of that name. */
export function gvkOf(document: ManifestDocument, kinds: KindRegistry): GroupVersionKind | undefined {
  if (document.gvk) return document.gvk;
  const apiVersion = document.apiVersion ?? written(document, 'apiVersion');
  const kind = document.kind ?? written(document, 'kind');
  if (!kind) return undefined;
  if (apiVersion) return { ...parseApiVersion(apiVersion), kind };
  const [definition] = kinds.sameKind(kind);
  return definition && { group: definition.group, version: definition.version, kind };
}

function written({ content }: ManifestDocument, field: 'apiVersion' | 'kind'): string | undefined {
  if (content.inList) return undefined;
  const found = new RegExp(`^(?:${field}|"${field}"):[ \\t]+["']?([\\w./-]+)`, 'm').exec(content.text);
  return found?.[1];
}
