/** An object as a person would write it: without what the server keeps for itself. */
import type { KubeObject } from '#common/api/meta.ts';
import { lastAppliedAnnotation } from '#common/api/structuredMerge/lastApplied.ts';
import { deepEqual } from '#common/base/freeze.ts';

type Untyped = KubeObject & Record<string, unknown>;

/** For comparisons: nothing that differs between two objects made from one manifest. */
export function neatObject(object: KubeObject): Record<string, unknown> {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object as Untyped;
  const {
    managedFields: _managedFields,
    resourceVersion: _resourceVersion,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _creationTimestamp,
    selfLink: _selfLink,
    ...kept
  } = metadata;
  const { [lastAppliedAnnotation]: _lastApplied, ...annotations } = kept.annotations ?? {};
  delete kept.annotations;
  const neat = Object.keys(annotations).length > 0 ? { ...kept, annotations } : kept;
  return { apiVersion, kind, metadata: neat, ...rest };
}

/** For editing: whole but for what nobody edits. The revision stays, so that the server notices who was faster. */
export function editableObject(object: KubeObject): Record<string, unknown> {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object as Untyped;
  const { managedFields: _managedFields, selfLink: _selfLink, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept, ...rest };
}

/** The same object, of which at most the status has changed: nothing that a person would have to look at again. */
export const differsInStatusAlone = (before: KubeObject, now: KubeObject): boolean =>
  before.metadata.uid === now.metadata.uid && deepEqual(neatObject(before), neatObject(now));
