/** What one object says of others: the forms of a link, and where each stands. */
import type { Selector } from '#common/api/labelSelector.ts';
import type { Reference } from '#common/kinds/defineKind.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { KindName } from '../facts/liveFacts.ts';
import type { ManifestObject } from './manifestObject.ts';

interface LinkBase {
  readonly from: ManifestObject;
  /** The field in `from`, with indexes: `spec.template.spec.containers[0].envFrom[0].configMapRef.name`. */
  readonly path: string;
  /** The declaration in the kind's file that it comes from. */
  readonly reference: Reference;
  /** Where it stands, in `from`'s file. Of a selector that is its whole map. */
  readonly range: TextRange;
}

/** A name, or an object reference with a kind of its own (`reference.type` is `object` then). */
export interface NameLink extends LinkBase {
  readonly type: 'name';
  readonly to: KindName;
  /** Empty for what is cluster-scoped. */
  readonly namespace: string;
  readonly name: string;
  /** The object may be missing. */
  readonly optional: boolean;
}

/** A key of a ConfigMap or Secret. */
export interface KeyLink extends LinkBase {
  readonly type: 'key';
  readonly to: KindName;
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly optional: boolean;
}

/** Which namespaces a selector looks into: one, all (also for what is cluster-scoped), or those with such labels. */
export type NamespaceScope = { readonly only: readonly string[] } | { readonly labelled: Selector } | 'all';

export interface SelectorLink extends LinkBase {
  readonly type: 'selector';
  readonly to: KindName;
  readonly selector: Selector;
  readonly scope: NamespaceScope;
  /** The selector cannot be used; it matches nothing then. */
  readonly problem: string | undefined;
}

/** A port by name or number. */
export interface PortLink extends LinkBase {
  readonly type: 'port';
  readonly port: string | number;
  /** Whose: of the container or pod around it, of the pods that the object selects, or of the Service of that name. */
  readonly of: { readonly own: string } | 'selected' | { readonly service: string; readonly namespace: string };
}

/** An element of another list of the same object, by name: a mount's volume. */
export interface LocalLink extends LinkBase {
  readonly type: 'local';
  readonly name: string;
  /** The lists, with indexes: `spec.template.spec.volumes`. */
  readonly lists: readonly string[];
}

export type Link = NameLink | KeyLink | SelectorLink | PortLink | LocalLink;

/** Where a link leads. */
export interface LinkTarget {
  readonly object: ManifestObject;
  /** The field that is meant: `metadata.name`, `data[key]`, `spec.template.metadata.labels`. */
  readonly path: string;
  readonly range: TextRange;
}
