/**
 * The kinds of storage behind a PersistentVolume. The playground mounts none of them for real, but refuses what
 * Kubernetes refuses. Most only have fields that must be there; those are a table.
 */
import { type FieldError, invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { oneOf, problemsAt } from './values.ts';

/** In the order in which Kubernetes looks at them. */
export const sourceNames = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;
type SourceName = (typeof sourceNames)[number];

const requiredFields: Partial<Record<SourceName, readonly string[]>> = {
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  glusterfs: ['endpoints', 'path'],
  rbd: ['monitors', 'image'],
  cephfs: ['monitors'],
  cinder: ['volumeID'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: ['volumeName'],
};

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];
const maxCsiDriverName = 63;

export function validateVolumeSource(spec: api.PersistentVolumeSpec, name: SourceName, parent: FieldPath): FieldError[] {
  // Kubernetes' message has another name for this one.
  const path = parent.child(name === 'gcePersistentDisk' ? 'persistentDisk' : name);
  const source = spec[name] as Readonly<Record<string, unknown>>;
  const errors = (requiredFields[name] ?? [])
    .filter((field) => isMissing(source[field]))
    .map((field) => required(path.child(field)));
  switch (name) {
    case 'hostPath':
      return validateHostPath(spec.hostPath, path);
    case 'local':
      return validateLocal(spec, path);
    case 'nfs':
      return validateNfs(spec.nfs, path);
    case 'csi':
      return validateCsi(spec.csi, path);
    case 'iscsi':
      return validateIscsi(spec.iscsi, path);
    case 'fc':
      return validateFc(spec.fc, path);
    case 'flexVolume':
      return validateFlexVolume(spec.flexVolume, path);
    case 'azureDisk':
      return validateAzureDisk(spec.azureDisk, path);
    case 'flocker':
      return spec.flocker?.datasetName || spec.flocker?.datasetUUID
        ? []
        : [required(path, 'one of datasetName and datasetUUID is required')];
    case 'quobyte':
      return validateQuobyte(spec.quobyte, path);
    default:
      return errors;
  }
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const pathErrors = (text: string, path: FieldPath): FieldError[] =>
  text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : [];

function validateHostPath(source: api.HostPathVolumeSource | undefined, path: FieldPath): FieldError[] {
  if (!source?.path) return [required(path.child('path'))];
  return [...pathErrors(source.path, path.child('path')), ...oneOf(path.child('type'), source.type ?? '', hostPathTypes)];
}

function validateLocal(spec: api.PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const text = spec.local?.path;
  const errors = text ? pathErrors(text, path.child('path')) : [required(path.child('path'))];
  if (!spec.nodeAffinity) errors.push(required(FieldPath.of('spec', 'nodeAffinity'), 'Local volume requires node affinity'));
  return errors;
}

function validateNfs(source: api.NFSVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!source?.server) errors.push(required(path.child('server')));
  if (!source?.path) errors.push(required(path.child('path')));
  if (!source?.path?.startsWith('/')) errors.push(invalid(path.child('path'), source?.path ?? '', 'must be an absolute path'));
  return errors;
}

/** Problems of a CSI driver's name: a subdomain of at most 63 characters, where case does not count. */
export function validateCsiDriverName(driver: string, path: FieldPath): FieldError[] {
  if (!driver) return [required(path)];
  const errors = driver.length > maxCsiDriverName ? [tooLong(path, maxCsiDriverName)] : [];
  return [...errors, ...problemsAt(path, driver, dns1123SubdomainErrors(driver.toLowerCase()))];
}

function validateCsi(source: api.CSIPersistentVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors = validateCsiDriverName(source?.driver ?? '', path.child('driver'));
  if (!source?.volumeHandle) errors.push(required(path.child('volumeHandle')));
  const secrets = [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ] as const;
  for (const field of secrets) {
    const ref = source?.[field];
    if (!ref) continue;
    if (!ref.name) errors.push(required(path.child(field, 'name')));
    else errors.push(...problemsAt(path.child(field, 'name'), ref.name, dns1123SubdomainErrors(ref.name)));
    if (!ref.namespace) errors.push(required(path.child(field, 'namespace')));
    else errors.push(...problemsAt(path.child(field, 'namespace'), ref.namespace, dns1123LabelErrors(ref.namespace)));
  }
  return errors;
}

const iqn = /^iqn\.\d{4}-\d{2}\.([0-9a-zA-Z][^:]*):?.*$/;

function validateIscsi(source: api.ISCSIPersistentVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const name = source?.iqn ?? '';
  if (!source?.targetPortal) errors.push(required(path.child('targetPortal')));
  if (!name) errors.push(required(path.child('iqn')));
  else if (!/^(iqn|eui|naa)/.test(name) || (name.startsWith('iqn') && !iqn.test(name))) {
    errors.push(invalid(path.child('iqn'), name, 'must be valid format'));
  }
  const lun = source?.lun ?? 0;
  if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, rangeProblem(0, 255)));
  if ((source?.chapAuthDiscovery || source?.chapAuthSession) && !source.secretRef) errors.push(required(path.child('secretRef')));
  return errors;
}

function validateFc(source: api.FCVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const targets = source?.targetWWNs ?? [];
  const wwids = source?.wwids ?? [];
  if (!targets.length && !wwids.length) {
    errors.push(required(path.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targets.length && wwids.length) {
    errors.push(invalid(path.child('targetWWNs'), targets, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targets.length && !wwids.length) {
    if (source?.lun === undefined) errors.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'));
    else if (source.lun < 0 || source.lun > 255) errors.push(invalid(path.child('lun'), source.lun, rangeProblem(0, 255)));
  }
  return errors;
}

function validateFlexVolume(source: api.FlexPersistentVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors = source?.driver ? [] : [required(path.child('driver'))];
  for (const key of Object.keys(source?.options ?? {})) {
    const domain = key.split('/')[0] ?? '';
    if (!/(^|\.)(kubernetes\.io|k8s\.io)$/.test(domain)) continue;
    errors.push(invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved'));
  }
  return errors;
}

function validateAzureDisk(source: api.AzureDiskVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const uri = source?.diskURI ?? '';
  if (!source?.diskName) errors.push(required(path.child('diskName')));
  if (!uri) errors.push(required(path.child('diskURI')));
  const managed = source?.kind === 'Managed';
  const prefix = managed ? '/subscriptions/' : 'https://';
  const example = managed
    ? '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
    : 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
  if (!uri.startsWith(prefix)) errors.push(notSupported(path.child('diskURI'), uri, [example]));
  return errors;
}

function validateQuobyte(source: api.QuobyteVolumeSource | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const registry = source?.registry ?? '';
  if (!registry) errors.push(required(path.child('registry'), 'must be a host:port pair or multiple pairs separated by commas'));
  else if (registry.split(',').some((pair) => !/^[^:]*:\d+$/.test(pair))) {
    errors.push(invalid(path.child('registry'), registry, 'must be a host:port pair or multiple pairs separated by commas'));
  }
  if (!source?.volume) errors.push(required(path.child('volume')));
  return errors;
}

/** Go's order and names of the sources, for showing what an update changed. */
const goSourceNames: readonly (readonly [string, SourceName])[] = [
  ['GCEPersistentDisk', 'gcePersistentDisk'],
  ['AWSElasticBlockStore', 'awsElasticBlockStore'],
  ['HostPath', 'hostPath'],
  ['Glusterfs', 'glusterfs'],
  ['NFS', 'nfs'],
  ['RBD', 'rbd'],
  ['Quobyte', 'quobyte'],
  ['ISCSI', 'iscsi'],
  ['FlexVolume', 'flexVolume'],
  ['Cinder', 'cinder'],
  ['CephFS', 'cephfs'],
  ['FC', 'fc'],
  ['Flocker', 'flocker'],
  ['AzureFile', 'azureFile'],
  ['VsphereVolume', 'vsphereVolume'],
  ['AzureDisk', 'azureDisk'],
  ['PhotonPersistentDisk', 'photonPersistentDisk'],
  ['PortworxVolume', 'portworxVolume'],
  ['ScaleIO', 'scaleIO'],
  ['Local', 'local'],
  ['StorageOS', 'storageos'],
  ['CSI', 'csi'],
];

/** All sources of a volume under Go's names, `null` for those that it has not. */
export function sourceStructure(spec: api.PersistentVolumeSpec): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [go, name] of goSourceNames) result[go] = spec[name] ? capitalized(spec[name]) : null;
  return result;
}

const capitalized = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key.slice(0, 1).toUpperCase() + key.slice(1), field as unknown]),
  );
