/** What is told of claims and volumes: what was asked for, what was found, and who uses it. */
import type * as api from '#common/schema/generated/types.ts';
import { facts, link, section, text, texts } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';

const storageClass = (name: string | undefined) => link('storage.k8s.io/v1', 'StorageClass', '', name);

export const describeClaim: Describe<api.PersistentVolumeClaim> = ({ spec, status, metadata }, { texts: t }) => {
  const source = spec?.dataSourceRef ?? spec?.dataSource;
  return section(
    'facts',
    'PersistentVolumeClaim',
    facts(
      [t.phase, text(status?.phase)],
      [t.volume, link('v1', 'PersistentVolume', '', spec?.volumeName)],
      [t.storageClass, storageClass(spec?.storageClassName)],
      [t.capacity, text(status?.capacity?.['storage'])],
      [t.requested, text(spec?.resources?.requests?.['storage'])],
      [t.accessModes, texts(status?.accessModes ?? spec?.accessModes)],
      [t.volumeMode, text(spec?.volumeMode)],
      [t.dataSource, source && text(`${source.kind} ${source.name}`)],
      [t.provisioner, text(metadata.annotations?.['volume.kubernetes.io/storage-provisioner'])],
      [t.node, link('v1', 'Node', '', metadata.annotations?.['volume.kubernetes.io/selected-node'])],
    ),
  );
};

/** Fields of a volume's spec that are not where it is kept. */
const notSources = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

export const describeVolume: Describe<api.PersistentVolume> = ({ spec, status }, { texts: t }) => {
  const type = Object.keys(spec ?? {}).find((key) => !notSources.has(key));
  const source = type === undefined ? undefined : (spec as unknown as Record<string, Record<string, unknown>>)[type];
  return section(
    'facts',
    'PersistentVolume',
    facts(
      [t.phase, text(status?.phase)],
      [t.message, text(status?.message)],
      [t.claim, link('v1', 'PersistentVolumeClaim', spec?.claimRef?.namespace, spec?.claimRef?.name)],
      [t.storageClass, storageClass(spec?.storageClassName)],
      [t.capacity, text(spec?.capacity?.['storage'])],
      [t.accessModes, texts(spec?.accessModes)],
      [t.reclaimPolicy, text(spec?.persistentVolumeReclaimPolicy)],
      [t.volumeMode, text(spec?.volumeMode)],
      [t.mountOptions, texts(spec?.mountOptions)],
      [
        t.source,
        texts([
          type,
          ...Object.entries(source ?? {}).flatMap(([key, value]) =>
            typeof value === 'object' ? [] : [`${key}: ${String(value)}`],
          ),
        ]),
      ],
      [
        t.nodeAffinity,
        texts(
          spec?.nodeAffinity?.required?.nodeSelectorTerms.flatMap(({ matchExpressions = [] }) =>
            matchExpressions.map(({ key, operator, values }) => `${key} ${operator} ${(values ?? []).join(', ')}`),
          ),
        ),
      ],
    ),
  );
};
