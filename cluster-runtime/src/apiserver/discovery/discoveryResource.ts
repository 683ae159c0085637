/** What discovery and OpenAPI tell of a served resource, made from its kind; for built-in kinds the tables add the subresources. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { builtinSubresources } from '#common/schema/generated/discovery.ts';

export interface DiscoverySubresource {
  name: string;
  kind: string;
  /** Where the kind is not of the resource's own group and version: Scale, Eviction, TokenRequest. */
  group?: string;
  version?: string;
  verbs: readonly string[];
}

export interface DiscoveryResource extends GroupVersionKind {
  plural: string;
  singular: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  subresources: readonly DiscoverySubresource[];
  /** Under which group and version objects are stored; absent for what is not stored. */
  storedAs?: GroupVersionKind;
  custom: boolean;
}

const writeVerbs = ['get', 'patch', 'update'];

/** Kubernetes lists the verbs of custom resources in an order of its own. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** Kinds that Kubernetes stores in another version than the one asked for; clients see no more of it than a hash. */
const storageVersions: Record<string, string> = {
  'autoscaling/HorizontalPodAutoscaler': 'v2',
  'apiextensions.k8s.io/CustomResourceDefinition': 'v1beta1',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': 'v1beta1',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': 'v1beta1',
};

/** `storageVersion`: of a custom resource. */
export function discoveryResource(kind: KindDefinition<KubeObject>, storageVersion?: string): DiscoveryResource {
  const { group, version, kind: name, plural, singular, namespaced, shortNames, categories } = kind;
  const custom = storageVersion !== undefined;
  const stored = kind.storedAs?.kind ?? kind;
  const isStored = !kind.virtual && kind.verbs.includes('create');
  return {
    group,
    version,
    kind: name,
    plural,
    singular,
    namespaced,
    verbs: custom ? customVerbs : kind.verbs,
    shortNames,
    categories,
    subresources: builtinSubresources[`${group}/${version}/${plural}`] ?? ownSubresources(kind),
    ...(isStored
      ? {
          storedAs: {
            group: stored.group,
            version: storageVersion ?? storageVersions[`${stored.group}/${stored.kind}`] ?? stored.version,
            kind: stored.kind,
          },
        }
      : {}),
    custom,
  };
}

function ownSubresources(kind: KindDefinition<KubeObject>): DiscoverySubresource[] {
  return [
    ...(kind.subresources.status ? [{ name: 'status', kind: kind.kind, verbs: writeVerbs }] : []),
    ...(kind.subresources.scale
      ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: writeVerbs }]
      : []),
  ];
}
