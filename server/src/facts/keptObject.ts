/**
 * What stays in memory of a live object: what hovers, rules and completion read. Of Secrets and ConfigMaps only the keys
 * stay, each with an empty value. Built anew and frozen, so that nothing of the answer it came in is held.
 */
import type { KubeObject, ManagedFieldsEntry, ObjectMeta, UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { SharedParts } from './sharedParts.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Repeats the whole object, values included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function keptMetadata({ managedFields, annotations, ...rest }: ObjectMeta, withAnnotations: boolean): ObjectMeta {
  const metadata: ObjectMeta = managedFields?.length ? { ...rest, managedFields: managedFields.map(whoAndWhen) } : rest;
  if (!annotations || !withAnnotations) return metadata;
  const { [lastApplied]: _, ...others } = annotations;
  return Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata;
}

/** Not which fields: those take as much room as the object. */
const whoAndWhen = ({ fieldsV1: _, fieldsType: __, ...entry }: ManagedFieldsEntry): ManagedFieldsEntry => entry;

/** All but who manages which field. */
export const keptObject = (object: KubeObject): KubeObject =>
  Object.freeze({ ...object, metadata: keptMetadata(object.metadata, true) });

/** Annotations go too: tools repeat contents in them. */
export function keysOnly(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...fields } = object as UntypedObject;
  const kept: Record<string, unknown> = { apiVersion, kind, metadata: keptMetadata(metadata, false) };
  for (const field of ['type', 'immutable']) if (fields[field] !== undefined) kept[field] = fields[field];
  for (const field of ['data', 'binaryData'])
    if (isJsonObject(fields[field])) kept[field] = Object.fromEntries(Object.keys(fields[field]).map((key) => [key, '']));
  return Object.freeze(kept) as unknown as KubeObject;
}

export function keptReplicaSet(object: KubeObject): KubeObject {
  const { spec } = object as UntypedObject;
  const template = isJsonObject(spec) && isJsonObject(spec['template']) ? pick(spec['template'], 'metadata') : undefined;
  return keptObject({ ...object, ...(isJsonObject(spec) ? { spec: { ...spec, template } } : {}) } as KubeObject);
}

/** Pods are kept in lists of tens of thousands, of which these parts are mostly the same. */
const shared = new SharedParts(2_000);

/** There may be tens of thousands: where it runs, how it is, what it is made of; not how each container is to be run. */
export function keptPod(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...fields } = object as UntypedObject;
  const { name, namespace, uid, labels, ownerReferences, creationTimestamp, deletionTimestamp } = metadata;
  const annotations = playgroundNotes(metadata.annotations);
  const own = {
    name,
    namespace,
    uid,
    labels: shared.of(labels),
    annotations,
    ownerReferences: shared.of(ownerReferences),
    creationTimestamp: shared.of(creationTimestamp),
    deletionTimestamp,
  };
  const [spec, status] = [fields['spec'], fields['status']];
  const kept = {
    apiVersion,
    kind,
    metadata: defined(own),
    ...(isJsonObject(spec) ? { spec: keptPodSpec(spec) } : {}),
    ...(isJsonObject(status) ? { status: keptPodStatus(status) } : {}),
  };
  return Object.freeze(kept) as unknown as KubeObject;
}

/** What the playground says of a pod, such as which of its images have no behaviour there. */
function playgroundNotes(annotations: ObjectMeta['annotations']): ObjectMeta['annotations'] {
  const notes = Object.entries(annotations ?? {}).filter(([name]) => name.startsWith('playground.kube/'));
  return notes.length > 0 ? Object.fromEntries(notes) : undefined;
}

const container = (given: Fields): Fields => pick(given, 'name', 'image', 'ports', 'resources', 'restartPolicy');

function keptPodSpec(spec: Fields): Fields {
  return {
    ...pick(spec, 'nodeName', 'serviceAccountName', 'priorityClassName', 'runtimeClassName', 'restartPolicy', 'hostNetwork'),
    ...mapped(spec, 'initContainers', container),
    ...mapped(spec, 'containers', container),
  };
}

const containerStatus = (given: Fields): Fields =>
  pick(given, 'name', 'ready', 'started', 'restartCount', 'state', ...(given['restartCount'] ? ['lastState'] : []));

function keptPodStatus(status: Fields): Fields {
  return {
    ...pick(status, 'phase', 'reason', 'message', 'podIP'),
    ...(typeof status['startTime'] === 'string' ? { startTime: shared.of(status['startTime']) } : {}),
    ...mapped(status, 'conditions', (given) => pick(given, 'type', 'status', 'reason', 'message')),
    ...mapped(status, 'initContainerStatuses', containerStatus),
    ...mapped(status, 'containerStatuses', containerStatus),
  };
}

function pick(from: Fields, ...names: readonly string[]): Fields {
  const kept: Record<string, unknown> = {};
  for (const name of names) if (from[name] !== undefined && !isEmpty(from[name])) kept[name] = from[name];
  return kept;
}

/** An object or list with nothing in it. */
const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function mapped(from: Fields, name: string, keep: (item: Fields) => Fields): Fields {
  const list = from[name];
  return Array.isArray(list) ? { [name]: shared.of(list.filter(isJsonObject).map(keep)) } : {};
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
