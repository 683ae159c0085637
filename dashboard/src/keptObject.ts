/**
 * What the picture keeps of each object: enough for its rows. Who manages which field is never shown, pods are many, and
 * the values of Secrets have no business in anybody's tree.
 */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';

export function keptObject(object: KubeObject): KubeObject {
  const { managedFields: _managed, annotations: _annotations, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** With its annotations. */
export function keptWithAnnotations(object: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = object.metadata;
  return { ...object, metadata };
}

export function keptPod(object: KubeObject): KubeObject {
  const { spec, ...pod } = keptObject(object) as api.Pod;
  if (!spec) return pod as KubeObject;
  const containers = spec.containers.map(keptContainer);
  const initContainers = spec.initContainers?.map(keptContainer);
  const { nodeName, readinessGates } = spec;
  const kept = {
    containers,
    ...(initContainers ? { initContainers } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(readinessGates ? { readinessGates } : {}),
  };
  return { ...pod, spec: kept } as KubeObject;
}

const keptContainer = ({ name, image, restartPolicy }: api.Container): api.Container => ({
  name,
  ...(image ? { image } : {}),
  ...(restartPolicy ? { restartPolicy } : {}),
});

/** A workload, of the template of its pods only their labels. */
export function keptWorkload(object: KubeObject): KubeObject {
  const kept = keptObject(object) as KubeObject & { spec?: { template?: api.PodTemplateSpec } };
  if (!kept.spec) return kept;
  const { template, ...spec } = kept.spec;
  const labels = template?.metadata?.labels;
  return { ...kept, spec: { ...spec, ...(labels ? { template: { metadata: { labels } } } : {}) } } as KubeObject;
}

/** Of a computer of the playground: whether it is on. */
export function keptMachine(object: KubeObject): KubeObject {
  const { power } = (object as api.Machine).spec ?? {};
  return { ...keptGeneric(object), ...(power ? { spec: { power } } : {}) } as KubeObject;
}

/** Names of keys without what is under them. */
export function keptKeys(object: KubeObject): KubeObject {
  const { data, binaryData, stringData: _, ...kept } = keptObject(object) as KubeObject & Record<string, object | undefined>;
  const keys = Object.fromEntries([...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})].map((key) => [key, '']));
  return { ...kept, data: keys } as unknown as KubeObject;
}

/** Of a definition: its names, its group and whether it is served; its schemas may be large. */
export function keptDefinition(object: KubeObject): KubeObject {
  const { spec, ...kept } = keptObject(object) as api.CustomResourceDefinition;
  const { group, names, scope } = spec;
  return { ...kept, spec: { group, names, scope, versions: [] } } as KubeObject;
}

/** Of any other kind: what is generally known of status. */
export function keptGeneric(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = keptObject(object);
  const { status } = object as { status?: { conditions?: unknown; phase?: unknown } | null };
  const told = {
    ...(status?.conditions ? { conditions: status.conditions } : {}),
    ...(status?.phase ? { phase: status.phase } : {}),
  };
  return { apiVersion, kind, metadata, ...(status ? { status: told } : {}) } as KubeObject;
}
