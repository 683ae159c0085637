/** The types of what expressions of policies are given: `request`, `namespaceObject`, and the patches that some of them make. */
import * as types from '#common/cel/types.ts';
import type { CelType, ObjectType } from '#common/cel/types.ts';

const { bool, dyn, int, listOf, mapOf, string, timestamp } = types;

const objectType = (name: string, fields: Readonly<Record<string, CelType>>): ObjectType => ({
  kind: 'object',
  name,
  fields: new Map(Object.entries(fields)),
});

const groupVersionKind = objectType('kubernetes.GroupVersionKind', { group: string, version: string, kind: string });
const groupVersionResource = objectType('kubernetes.GroupVersionResource', { group: string, version: string, resource: string });

const userInfo = objectType('kubernetes.UserInfo', {
  username: string,
  uid: string,
  groups: listOf(string),
  extra: mapOf(string, listOf(string)),
});

/** An AdmissionReview's request without its objects. */
export const requestType = objectType('kubernetes.AdmissionRequest', {
  kind: groupVersionKind,
  resource: groupVersionResource,
  subResource: string,
  requestKind: groupVersionKind,
  requestResource: groupVersionResource,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo,
  dryRun: bool,
  options: dyn,
});

const namespaceMetadata = objectType('kubernetes.NamespaceMetadata', {
  name: string,
  generateName: string,
  namespace: string,
  labels: mapOf(string, string),
  annotations: mapOf(string, string),
  // Spelled so by Kubernetes; no object has it.
  UID: string,
  creationTimestamp: timestamp,
  deletionGracePeriodSeconds: int,
  deletionTimestamp: timestamp,
  generation: int,
  resourceVersion: string,
  finalizers: listOf(string),
});

const namespaceCondition = objectType('kubernetes.NamespaceCondition', {
  status: string,
  type: string,
  lastTransitionTime: timestamp,
  message: string,
  reason: string,
});

export const namespaceType = objectType('kubernetes.Namespace', {
  metadata: namespaceMetadata,
  spec: objectType('kubernetes.NamespaceSpec', { finalizers: listOf(string) }),
  status: objectType('kubernetes.NamespaceStatus', { conditions: listOf(namespaceCondition), phase: string }),
});

/** `Object{…}`: what an apply configuration is made of. Its fields are checked when it is applied. */
export const appliedType: ObjectType = { kind: 'object', name: 'Object', fields: undefined };

/** One operation of a JSON patch. */
export const jsonPatchType = objectType('JSONPatch', { op: string, path: string, from: string, value: dyn });

/** `Object`, `Object.spec`, `Object.spec.containers` … and `JSONPatch`: what expressions of mutations may make. */
export const mutationTypes = {
  get(name: string): ObjectType | undefined {
    if (name === jsonPatchType.name) return jsonPatchType;
    if (name === appliedType.name) return appliedType;
    return name.startsWith(`${appliedType.name}.`) ? { ...appliedType, name } : undefined;
  },
};
