/**
 * The volume sources of drivers that have left Kubernetes or are about to: the API still takes and checks them. Most of it is
 * which fields must be there; what goes beyond that has a function of its own.
 */
import { invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addFieldProblems, checkRequired, checkSupported, descendingPathProblems, type Errors } from './fieldRules.ts';
import type { SourceContext } from './volumeSources.ts';

const cachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const diskKinds = ['Dedicated', 'Managed', 'Shared'];
const managedDisk = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
const iqn = /^iqn\.\d{4}-\d{2}\.([a-z0-9\-.]+)(:([^,;*&$|\s]+))?$/;
const eui = /^eui.[0-9a-fA-F]{16}$/;
const naa = /^naa.[0-9a-fA-F]{32}$/;

const requiring =
  <T>(...fields: (keyof T & string)[]) =>
  (source: T, { path, errors }: SourceContext): void => {
    for (const field of fields) {
      const value = source[field];
      if (!value || (Array.isArray(value) && !value.length)) errors.push(required(path.child(field)));
    }
  };

function checkByte(value: number | undefined, low: number, path: FieldPath, field: string, errors: Errors): void {
  if (value != null && (value < low || value > 255)) errors.push(invalid(path.child(field), value, rangeProblem(low, 255)));
}

/** 0 stands for no partition. */
function checkPartition(partition: number | undefined, path: FieldPath, errors: Errors): void {
  if (partition) checkByte(partition, 1, path, 'partition', errors);
}

export const legacySources = {
  gitRepo(source: api.GitRepoVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.repository, path, 'repository', errors);
    addFieldProblems(source.directory, descendingPathProblems(source.directory ?? ''), path, 'directory', errors);
  },
  gcePersistentDisk(source: api.GCEPersistentDiskVolumeSource, { parent, errors }: SourceContext) {
    // Kubernetes has another name for the field in its messages.
    const path = parent.child('persistentDisk');
    checkRequired(source.pdName, path, 'pdName', errors);
    checkPartition(source.partition, path, errors);
  },
  awsElasticBlockStore(source: api.AWSElasticBlockStoreVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.volumeID, path, 'volumeID', errors);
    checkPartition(source.partition, path, errors);
  },
  iscsi(source: api.ISCSIVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.targetPortal, path, 'targetPortal', errors);
    checkQualifiedName(source.iqn, path, 'iqn', errors);
    checkByte(source.lun, 0, path, 'lun', errors);
    if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) {
      errors.push(required(path.child('secretRef')));
    }
    if (source.initiatorName != null) checkQualifiedName(source.initiatorName, path, 'initiatorname', errors);
  },
  glusterfs: requiring<api.GlusterfsVolumeSource>('endpoints', 'path'),
  flocker(source: api.FlockerVolumeSource, { path, errors }: SourceContext) {
    const { datasetName, datasetUUID } = source;
    if (!datasetName && !datasetUUID) errors.push(required(path, 'one of datasetName and datasetUUID is required'));
    if (datasetName && datasetUUID) {
      errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
    }
    if (datasetName?.includes('/')) errors.push(invalid(path.child('datasetName'), datasetName, "must not contain '/'"));
  },
  rbd: requiring<api.RBDVolumeSource>('monitors', 'image'),
  cinder: requiring<api.CinderVolumeSource>('volumeID'),
  cephfs: requiring<api.CephFSVolumeSource>('monitors'),
  quobyte(source: api.QuobyteVolumeSource, { path, errors }: SourceContext) {
    if (!source.registry) {
      errors.push(required(path.child('registry'), 'must be a host:port pair or multiple pairs separated by commas'));
    }
    checkRequired(source.volume, path, 'volume', errors);
  },
  fc(source: api.FCVolumeSource, { path, errors }: SourceContext) {
    const names = source.targetWWNs ?? [];
    const ids = source.wwids ?? [];
    const at = path.child('targetWWNs');
    if (!names.length && !ids.length) errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
    if (names.length && ids.length) {
      errors.push(invalid(at, names, 'targetWWNs and wwids can not be specified simultaneously'));
    }
    if (names.length && source.lun == null)
      errors.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'));
    if (names.length) checkByte(source.lun, 0, path, 'lun', errors);
  },
  flexVolume: requiring<api.FlexVolumeSource>('driver'),
  azureFile: requiring<api.AzureFileVolumeSource>('secretName', 'shareName'),
  vsphereVolume: requiring<api.VsphereVirtualDiskVolumeSource>('volumePath'),
  photonPersistentDisk: requiring<api.PhotonPersistentDiskVolumeSource>('pdID'),
  portworxVolume: requiring<api.PortworxVolumeSource>('volumeID'),
  azureDisk(source: api.AzureDiskVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.diskName, path, 'diskName', errors);
    checkRequired(source.diskURI, path, 'diskURI', errors);
    if (source.cachingMode != null) checkSupported(source.cachingMode, cachingModes, path, 'cachingMode', errors);
    if (source.kind != null) checkSupported(source.kind, diskKinds, path, 'kind', errors);
    const uri = source.diskURI ?? '';
    if (source.kind === 'Managed' && !uri.startsWith('/subscriptions')) {
      errors.push(notSupported(path.child('diskURI'), uri, [managedDisk]));
    }
    if (source.kind !== 'Managed' && !uri.startsWith('https://')) {
      errors.push(notSupported(path.child('diskURI'), uri, [blobDisk]));
    }
  },
  storageos: requiring<api.StorageOSVolumeSource>('volumeName'),
  scaleIO: requiring<api.ScaleIOVolumeSource>('gateway', 'system', 'volumeName'),
};

function checkQualifiedName(name: string | undefined, path: FieldPath, field: string, errors: Errors): void {
  if (!name) {
    errors.push(required(path.child(field)));
  } else if (!/^(iqn|eui|naa)/.test(name)) {
    errors.push(invalid(path.child(field), name, 'must be valid format starting with iqn, eui, or naa'));
  } else if (!iqn.test(name) && !eui.test(name) && !naa.test(name)) {
    errors.push(invalid(path.child(field), name, 'must be valid format'));
  }
}
