/**
 * Whatever carries labels that a selector can find: an object itself, and the pods that a workload will make. Which kinds
 * hold pod templates where is said here once; custom kinds with a `spec.template` of a pod's shape count too.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Labels } from '#common/api/labelSelector.ts';
import { childOf, keyText, type ManifestNode } from '#common/manifests/nodes.ts';
import { findNode } from '#common/manifests/places.ts';
import type { KindName } from '../facts/liveFacts.ts';
import type { ManifestObject } from './manifestObject.ts';

export interface LabelOwner {
  readonly object: ManifestObject;
  /** What has the labels: the object's own kind, or Pod for a template. */
  readonly kind: KindName;
  readonly labels: Labels;
  /** The field with the metadata: `metadata`, `spec.template.metadata`. */
  readonly metadataPath: string;
  /** The pod's spec, when it is a pod or a template of one: `spec`, `spec.template.spec`. */
  readonly podSpecPath: string | undefined;
}

export const pod: KindName = { group: '', kind: 'Pod' };

const templates: Readonly<Record<string, string>> = {
  'apps/Deployment': 'spec.template',
  'apps/StatefulSet': 'spec.template',
  'apps/DaemonSet': 'spec.template',
  'apps/ReplicaSet': 'spec.template',
  '/ReplicationController': 'spec.template',
  'batch/Job': 'spec.template',
  'batch/CronJob': 'spec.jobTemplate.spec.template',
};

/** Where a kind has its template of pods; undefined for those that have none. */
export function podTemplatePath({ group, kind }: KindName, root: ManifestNode | undefined): string | undefined {
  const key = `${group}/${kind}`;
  if (Object.hasOwn(templates, key)) return templates[key];
  // A kind of somebody else's (a rollout) that makes pods as a Deployment does.
  if (!group.includes('.') || group.endsWith('.k8s.io') || !root) return undefined;
  const spec = childOf(childOf(childOf(root, 'spec'), 'template'), 'spec');
  return childOf(spec, 'containers')?.kind === 'sequence' ? 'spec.template' : undefined;
}

/** Where a kind has a pod's spec, its own or a template's. */
export function podSpecPathOf(gvk: KindName, root: ManifestNode | undefined): string | undefined {
  if (gvk.group === '' && gvk.kind === 'Pod') return 'spec';
  if (gvk.group === '' && gvk.kind === 'PodTemplate') return 'template.spec';
  const template = podTemplatePath(gvk, root);
  return template && `${template}.spec`;
}

/** Inherits nothing, whatever a label is called; and unlike an object that is made without a prototype, it is small. */
class OwnLabels {
  static {
    Object.setPrototypeOf(OwnLabels.prototype, null);
    delete (OwnLabels.prototype as { constructor?: unknown }).constructor;
  }
}
const noLabels: Labels = Object.freeze(new OwnLabels()) as Labels;

export function labelsOf(metadata: ManifestNode | undefined): Labels {
  const node = childOf(metadata, 'labels');
  if (node?.kind !== 'map' || node.pairs.length === 0) return noLabels;
  const labels = new OwnLabels() as Record<string, string>;
  for (const { key, value } of node.pairs) {
    if (value.kind === 'scalar' && typeof value.value === 'string' && !value.templated) labels[keyText(key)] ??= value.value;
  }
  return labels;
}

export function labelOwnersOf(object: ManifestObject, gvk: GroupVersionKind, root: ManifestNode): LabelOwner[] {
  const podSpecPath = gvk.group === '' && gvk.kind === 'Pod' ? 'spec' : undefined;
  const owners: LabelOwner[] = [{ object, kind: gvk, labels: object.labels, metadataPath: 'metadata', podSpecPath }];
  const template = podTemplatePath(gvk, root);
  const found = template && findNode(root, template);
  if (!found || !found.exact) return owners;
  owners.push({
    object,
    kind: pod,
    labels: labelsOf(childOf(found.node, 'metadata')),
    metadataPath: `${template}.metadata`,
    podSpecPath: `${template}.spec`,
  });
  return owners;
}
