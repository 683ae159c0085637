/** The volume that the simulated provisioner makes for a claim, or why it makes none. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import { simulatedDriver, zoneLabel } from '../../controller/simulatedDriver.ts';
import { provisionedBy } from './names.ts';

/** Keeps a volume's object until its storage is deleted. */
export const provisionerFinalizer = 'external-provisioner.volume.kubernetes.io/finalizer';

export interface ProvisionRequest {
  readonly claim: api.PersistentVolumeClaim;
  readonly storageClass: api.StorageClass;
  /** Where the first pod will run; undefined for a class that binds at once. */
  readonly node: api.Node | undefined;
  readonly nodes: readonly api.Node[];
  /** Chooses one of that many. */
  readonly choose: (count: number) => number;
}

/** Why no volume can be made; undefined when one can. */
export function provisionProblem({ spec }: api.PersistentVolumeClaim): string | undefined {
  if (spec?.selector) return 'claim Selector is not supported';
  const source = spec?.dataSourceRef ?? spec?.dataSource;
  if (!source) return undefined;
  // Differs from Kubernetes: there are no volume snapshots, and no volume is made as another one's copy.
  return `the playground's volumes start empty: data source ${source.kind} ${JSON.stringify(source.name)} is not supported`;
}

export function provisionedVolume(request: ProvisionRequest): api.PersistentVolume {
  const { claim, storageClass } = request;
  const { namespace = '', uid = '', resourceVersion } = claim.metadata;
  const name = `pvc-${uid}`;
  const terms = topologyTerms(request);
  const isBlock = claim.spec?.volumeMode === 'Block';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: {
        [provisionedBy]: storageClass.provisioner,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      ...(storageClass.reclaimPolicy === 'Retain' ? {} : { finalizers: [provisionerFinalizer] }),
    },
    spec: {
      accessModes: claim.spec?.accessModes ?? [],
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '1Gi' },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: claim.metadata.name ?? '',
        namespace,
        uid,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      csi: {
        driver: simulatedDriver,
        ...(isBlock ? {} : { fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4' }),
        volumeHandle: name,
      },
      ...(storageClass.mountOptions?.length ? { mountOptions: storageClass.mountOptions } : {}),
      ...(terms.length > 0 ? { nodeAffinity: { required: { nodeSelectorTerms: terms } } } : {}),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name ?? '',
      ...(claim.spec?.volumeAttributesClassName ? { volumeAttributesClassName: claim.spec.volumeAttributesClassName } : {}),
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
    },
  };
}

type Labels = Readonly<Record<string, string>>;
const labelsOf = (node: api.Node): Labels => node.metadata.labels ?? {};

/** A disk lies in one place: what the class allows, or else the zone of its first node, where nodes have zones. */
function topologyTerms({ storageClass, node, nodes, choose }: ProvisionRequest): api.NodeSelectorTerm[] {
  const allowed = storageClass.allowedTopologies ?? [];
  if (allowed.length === 0) {
    const places = node ? [labelsOf(node)] : nodes.map(labelsOf);
    const zones = [...new Set(places.flatMap((labels) => labels[zoneLabel] ?? []))].sort();
    const zone = zones[zones.length > 1 ? choose(zones.length) : 0];
    return zone === undefined ? [] : [termOf([[zoneLabel, zone]])];
  }
  const matching = node ? allowed.filter((term) => allows(term, labelsOf(node))) : allowed;
  const term = matching[matching.length > 1 && !node ? choose(matching.length) : 0];
  const pairs = (term?.matchLabelExpressions ?? []).map(({ key, values }): [string, string] => {
    const here = node && labelsOf(node)[key];
    return [key, here ?? values[values.length > 1 ? choose(values.length) : 0] ?? ''];
  });
  return pairs.length > 0 ? [termOf(pairs)] : [];
}

const allows = ({ matchLabelExpressions = [] }: api.TopologySelectorTerm, labels: Labels): boolean =>
  matchLabelExpressions.every(({ key, values }) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? ''));

const termOf = (pairs: readonly (readonly [string, string])[]): api.NodeSelectorTerm => ({
  matchExpressions: pairs.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
});
