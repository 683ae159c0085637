/** PartialObjectMetadata: an object reduced to its metadata, for clients that watch everything and read little. */
import type { KubeObject } from '#common/api/meta.ts';
import type { ListAnswer } from './registry/registry.ts';

/** The metadata's JSON. Metadata is frozen and shared by all revisions' readers, so it is encoded once. */
const encoded = new WeakMap<object, string>();

function metadataJson(object: KubeObject): string {
  let json = encoded.get(object.metadata);
  if (json === undefined) {
    json = JSON.stringify(object.metadata);
    if (Object.isFrozen(object.metadata)) encoded.set(object.metadata, json);
  }
  return json;
}

export const partialMetadataJson = (object: KubeObject, version: string): string =>
  `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${metadataJson(object)}}`;

export function partialMetadataListJson(answer: ListAnswer, version: string, metadata: Record<string, unknown>): string {
  const items = answer.items.map((item) => partialMetadataJson(item.object, version));
  return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${version}","metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}\n`;
}
