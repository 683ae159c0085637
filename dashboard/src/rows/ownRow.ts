/** What all rows of objects have in common. */
import type { KubeObject } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import type { RowFacts } from '../facts/rowFacts.ts';

/** What rows are made from besides their own object. */
export interface RowSources {
  readonly texts: TreeTexts;
  /** Whether the object of this uid has a row. */
  isShown(uid: string): boolean;
  slicesOf(service: api.Service): readonly api.EndpointSlice[];
  /** Pods on the node that have not ended. */
  podsOn(node: string): number;
  volume(name: string): api.PersistentVolume | undefined;
  /** The computer of the playground that a node runs on. */
  machine(node: string): api.Machine | undefined;
}

export function ownRow(kind: string, object: KubeObject, facts: RowFacts): Omit<TreeRow, 'parent'> {
  const { uid = '', name = '', namespace = '', creationTimestamp, labels } = object.metadata;
  return {
    id: uid,
    kind,
    name,
    order: natural(name),
    ...facts,
    ...(creationTimestamp ? { since: creationTimestamp } : {}),
    ...(labels ? { labels } : {}),
    object: { apiVersion: object.apiVersion ?? 'v1', kind: object.kind ?? kind, namespace, name },
  };
}

/** `web-10` after `web-9`. */
export const natural = (name: string): string => name.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
