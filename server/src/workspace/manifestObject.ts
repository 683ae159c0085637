/**
 * An object of the workspace: one document that says what it is, with what the rest wants to know of it at once. It lives as
 * long as its document's text; edits elsewhere in its file only give it another `document`.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Labels } from '#common/api/labelSelector.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DocumentContent, ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { LabelOwner } from './labelOwners.ts';
import type { Link } from './links.ts';

export type ObjectRole = 'object' | 'patch';

export interface ManifestObject {
  readonly uri: string;
  readonly document: ManifestDocument;
  readonly content: DocumentContent;
  readonly gvk: GroupVersionKind;
  /** Undefined for a kind that nobody defines here. */
  readonly definition: KindDefinition | undefined;
  readonly name: string;
  /**
   * Where it goes: empty for what is cluster-scoped; `default` where nothing is written, so that a manifest without a
   * namespace and one in `default` are in the same place.
   */
  readonly namespace: string;
  /** A patch is a part of an object that stands elsewhere: nobody finds it by name or labels. */
  readonly role: ObjectRole;
  readonly labels: Labels;
  /** Whatever of it carries labels: itself, and its pod templates. */
  readonly owners: readonly LabelOwner[];
  /** What it says of others, in the order of the text. */
  readonly links: readonly Link[];
  /** What to underline for a path (as `ManifestDocument.rangeFor`). */
  rangeFor(path: string): TextRange;
}

/** `Deployment/web`. */
export const objectTitle = ({ gvk, name }: Pick<ManifestObject, 'gvk' | 'name'>): string => `${gvk.kind}/${name}`;
